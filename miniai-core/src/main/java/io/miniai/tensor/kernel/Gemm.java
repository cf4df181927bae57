package io.miniai.tensor.kernel;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_saxpy;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Single-precision matrix products on native memory by OpenBLAS.
 *
 * <p>BLAS is told to use one thread: our workers call it side by side on parts of the batch, which is twice
 * as fast on narrow matrices as BLAS's own threads, and keeps the order of sums.
 */
final class Gemm {
    /** ND4J's number for processors with AVX-512. */
    private static final int AVX_512 = 3;

    /** Matrices of up to so many multiply-adds OpenBLAS multiplies where they lie, without packing them; often none. */
    static final int IN_PLACE =
            NativeOpsHolder.getInstance().getDeviceNativeOps().optimalLevel() >= AVX_512 ? 1_000_000 : 0;

    static {
        useOneThread();
    }

    private Gemm() {}

    /** Also where ND4J multiplies: two sets of threads that wait busily for work take the cores from each other. */
    static void useOneThread() {
        blas_set_num_threads(1);
    }

    /** C[m, n] = op(A)·op(B) + beta·C, row-major with leading dimensions; addresses in bytes. */
    static void run(
            Scratch s,
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            long a,
            int lda,
            long b,
            int ldb,
            float beta,
            long c,
            int ldc) {
        cblas_sgemm(
                CblasRowMajor,
                transposeA ? CblasTrans : CblasNoTrans,
                transposeB ? CblasTrans : CblasNoTrans,
                m,
                n,
                k,
                1f,
                s.a.at(a),
                lda,
                s.b.at(b),
                ldb,
                beta,
                s.c.at(c),
                ldc);
    }

    /** y[m] = A[m, n]·x[n] + beta·y, row-major with a leading dimension; addresses in bytes. */
    static void timesVector(Scratch s, int m, int n, long a, int lda, long x, float beta, long y) {
        cblas_sgemv(CblasRowMajor, CblasNoTrans, m, n, 1f, s.a.at(a), lda, s.b.at(x), 1, beta, s.c.at(y), 1);
    }

    /** y[n] += factor·x[n]; addresses in bytes. */
    static void add(Scratch s, int n, float factor, long x, long y) {
        cblas_saxpy(n, factor, s.a.at(x), 1, s.b.at(y), 1);
    }

    /** Result [positions, outputs] = columns [positions, width] · packedᵀ, for a weight packed as [outputs, width]. */
    static void byPacked(Scratch s, Scratch.Tile columns, int positions, Array packed, long result) {
        int outputs = packed.size(0);
        int width = packed.size(1);
        run(
                s,
                false,
                true,
                positions,
                outputs,
                width,
                columns.address,
                width,
                CpuMemory.address(packed),
                width,
                0,
                result,
                outputs);
    }
}
