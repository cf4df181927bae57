package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Moving values without changing them. */
final class PortableShapes {
    private PortableShapes() {}

    static void permute(Array x, int[] axes, Array out) {
        Ops.assign(x.nd().permute(axes.clone()), out.nd());
    }

    static void slice(Array x, int[] begin, int[] step, Array out) {
        Ops.assign(window(x, begin, step, out.shape()), out.nd());
    }

    static void putSlice(Array src, int[] begin, int[] step, Array dst) {
        Ops.assign(src.nd(), window(dst, begin, step, src.shape()));
    }

    /** Every step-th element from begin on, as a view. */
    private static INDArray window(Array whole, int[] begin, int[] step, int[] sizes) {
        long[] strides = Ops.strides(whole.shape());
        long offset = 0;
        for (int i = 0; i < begin.length; i++) {
            offset += begin[i] * strides[i];
            strides[i] *= step[i];
        }
        return Ops.view(whole, offset, Ops.longs(sizes), strides);
    }
}
