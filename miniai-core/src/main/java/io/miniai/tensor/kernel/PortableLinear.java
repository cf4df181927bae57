package io.miniai.tensor.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Matrix products. */
final class PortableLinear {
    private PortableLinear() {}

    static void matmul(Array a, boolean transposeA, Array b, boolean transposeB, @Nullable Array bias, Array out) {
        if (out.rank() == 2) {
            gemm(a, transposeA, b, transposeB, out);
            if (bias != null) {
                Ops.run("add", new INDArray[] {out.nd(), bias.nd()}, out.nd());
            }
        } else {
            Ops.run("matmul", new INDArray[] {a.nd(), b.nd()}, out.nd(), flag(transposeA), flag(transposeB), 0);
        }
    }

    /**
     * out = op(a) · op(b) of row-major matrices, computed as outᵀ = op(b)ᵀ · op(a)ᵀ: ND4J multiplies
     * into column-major results only and would otherwise use a temporary and copy.
     */
    static void gemm(Array a, boolean transposeA, Array b, boolean transposeB, Array out) {
        INDArray left = transposeB ? b.nd() : transposed(b);
        INDArray right = transposeA ? a.nd() : transposed(a);
        Ops.run("matmul", new INDArray[] {left, right}, transposed(out), 0, 0, 0);
    }

    private static INDArray transposed(Array a) {
        return PortableShapes.permuted(a, new int[] {1, 0});
    }

    private static int flag(boolean on) {
        return on ? 1 : 0;
    }
}
