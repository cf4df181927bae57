package io.miniai.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/** What a tensor's elements are. */
public enum DType {
    /** 32-bit floating point, the default. */
    FLOAT32(DataType.FLOAT),
    /** 64-bit floating point, for checks of gradients. */
    FLOAT64(DataType.DOUBLE),
    /** 64-bit integers, for labels and indices. */
    INT64(DataType.INT64);

    private static final DType[] ALL = values();

    private final DataType nd;

    DType(DataType nd) {
        this.nd = nd;
    }

    /** Whether gradients exist for it. */
    public boolean isFloatingPoint() {
        return this != INT64;
    }

    DataType nd() {
        return nd;
    }

    static DType of(DataType nd) {
        for (DType t : ALL) {
            if (t.nd == nd) {
                return t;
            }
        }
        throw new IllegalArgumentException(
                "Expected an array of FLOAT, DOUBLE or LONG; got " + nd + ". Fix: castTo one of them first.");
    }
}
