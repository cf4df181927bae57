package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** Picking float32 values by index, and its adjoint, by one thread in the order of memory: sums come out alike every time. */
final class CpuIndexing {
    /** Does something with element {@code i} of the index and the place that it points to. */
    private interface Pick {
        void at(int place, int i);
    }

    private CpuIndexing() {}

    static void gather(Array x, int dim, Array index, Array out) {
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        each(x, dim, index, (place, i) -> to.put(i, from.get(place)));
    }

    static void scatterAdd(Array src, int dim, Array index, Array dst) {
        FloatBuffer from = CpuMemory.floats(src);
        FloatBuffer to = CpuMemory.floats(dst);
        each(dst, dim, index, (place, i) -> to.put(place, to.get(place) + from.get(i)));
    }

    private static void each(Array a, int dim, Array index, Pick pick) {
        LongBuffer indices = index.storage().block().longs();
        long[] strides = a.strides();
        long step = strides[dim];
        strides[dim] = 0;
        int[] position = new int[index.rank()];
        long start = 0;
        int length = CpuElementwise.length(index);
        for (int i = 0; i < length; i++) {
            pick.at((int) (start + indices.get(i) * step), i);
            for (int d = position.length - 1; d >= 0; d--) {
                start += strides[d];
                if (++position[d] < index.size(d)) {
                    break;
                }
                start -= strides[d] * position[d];
                position[d] = 0;
            }
        }
    }
}
