package io.miniai.tensor.kernel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's views of one buffer, kept: making one costs as much as a small operation, and every training step
 * asks for the same ones. Thread-safe; nobody may close or reshape what it returns.
 */
final class Views {
    private static final int MOST = 256;

    private final DataBuffer buffer;
    private final int start;
    private final Map<Key, INDArray> kept = new HashMap<>();

    /** Of what begins at {@code start}, in elements. */
    Views(DataBuffer buffer, int start) {
        this.buffer = buffer;
        this.start = start;
    }

    /** Sizes, strides and start in elements. */
    synchronized INDArray get(long offset, long[] sizes, long[] strides) {
        Key key = new Key(offset, sizes, strides);
        INDArray view = kept.get(key);
        if (view == null) {
            if (kept.size() == MOST) {
                kept.clear();
            }
            view = Nd4j.create(
                    buffer, sizes.clone(), strides.clone(), start + offset, order(sizes, strides), buffer.dataType());
            kept.put(key, view);
        }
        return view;
    }

    /** ND4J multiplies matrices without copying only when a column-major one says that it is. */
    private static char order(long[] sizes, long[] strides) {
        boolean columns = sizes.length == 2 && strides[0] == 1 && strides[1] == sizes[0] && sizes[0] > 1;
        return columns ? 'f' : 'c';
    }

    private static final class Key {
        private final long offset;
        private final long[] sizes;
        private final long[] strides;

        Key(long offset, long[] sizes, long[] strides) {
            this.offset = offset;
            this.sizes = sizes;
            this.strides = strides;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Key k
                    && k.offset == offset
                    && Arrays.equals(k.sizes, sizes)
                    && Arrays.equals(k.strides, strides);
        }

        @Override
        public int hashCode() {
            return (Arrays.hashCode(sizes) * 31 + Arrays.hashCode(strides)) * 31 + Long.hashCode(offset);
        }
    }
}
