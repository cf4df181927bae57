package io.miniai.testing;

import io.miniai.tensor.DType;
import io.miniai.tensor.Tensor;

/**
 * A tensor of a fixture file, in row-major order.
 *
 * @param integer whether it was stored as integers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Numbers(double[] values, int[] shape, boolean integer) {

    /** As a tensor of this type; integers always become INT64. */
    public Tensor toTensor(DType type) {
        if (integer) {
            long[] copy = new long[values.length];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = (long) values[i];
            }
            return Tensor.of(copy, shape);
        }
        if (type == DType.FLOAT64) {
            return Tensor.of(values, shape);
        }
        float[] copy = new float[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = (float) values[i];
        }
        return Tensor.of(copy, shape);
    }

    /** The part with this index in the first dimension. */
    public Numbers get(int index) {
        int size = values.length / shape[0];
        double[] part = java.util.Arrays.copyOfRange(values, index * size, (index + 1) * size);
        return new Numbers(part, java.util.Arrays.copyOfRange(shape, 1, shape.length), integer);
    }
}
