package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Moving values without changing them. */
final class PortableShapes {
    private PortableShapes() {}

    static void permute(Array x, int[] axes, Array out) {
        Ops.assign(permuted(x, axes), out.nd());
    }

    /** The same memory with its dimensions in another order. */
    static INDArray permuted(Array x, int[] axes) {
        long[] sizes = new long[axes.length];
        long[] strides = new long[axes.length];
        long[] from = x.strides();
        for (int i = 0; i < axes.length; i++) {
            sizes[i] = x.size(axes[i]);
            strides[i] = from[axes[i]];
        }
        return x.part(0, sizes, strides);
    }

    static void slice(Array x, int[] begin, int[] step, Array out) {
        Ops.assign(window(x, begin, step, out.shape()), out.nd());
    }

    static void putSlice(Array src, int[] begin, int[] step, Array dst) {
        Ops.assign(src.nd(), window(dst, begin, step, src.shape()));
    }

    /** Every step-th element from begin on, as a view. */
    private static INDArray window(Array whole, int[] begin, int[] step, int[] sizes) {
        long[] strides = whole.strides();
        long offset = 0;
        for (int i = 0; i < begin.length; i++) {
            offset += begin[i] * strides[i];
            strides[i] *= step[i];
        }
        return whole.part(offset, Ops.longs(sizes), strides);
    }
}
