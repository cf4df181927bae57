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
    static final int IN_PLACE = inPlace();

    /** Rows of B in a block, and the least columns: what a block reads stays in the caches. */
    private static final int DEPTH = 128;

    private static final int WIDTH = 64;

    /** Floats of a vector. */
    static final int VECTOR = 16;

    static {
        useOneThread();
    }

    private Gemm() {}

    private static int inPlace() {
        Backend.current(); // ND4J's native code knows the processor, once it has been started
        int level = NativeOpsHolder.getInstance().getDeviceNativeOps().optimalLevel();
        return level >= AVX_512 ? 1_000_000 : 0;
    }

    /** Also where ND4J multiplies: two sets of threads that wait busily for work take the cores from each other. */
    static void useOneThread() {
        blas_set_num_threads(1);
    }

    /** Whether a product of so many multiply-adds first copies its matrices. */
    static boolean packs(boolean transposeB, long multiplications) {
        return IN_PLACE == 0 || (transposeB && multiplications > IN_PLACE);
    }

    /**
     * C[m, n] = op(A)·op(B) + beta·C, row-major with leading dimensions; addresses in bytes. A large product is computed
     * in blocks that need no packing, unless B is transposed: then packing pays.
     */
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
        if (IN_PLACE == 0 || transposeB || (long) m * n * k <= IN_PLACE) {
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
            return;
        }
        int depth = blockOf(k, DEPTH);
        int width = blockOf(n, Math.max(WIDTH, IN_PLACE / depth / m));
        int height = blockOf(m, IN_PLACE / depth / width);
        for (int l = 0; l < k; l += depth) {
            for (int j = 0; j < n; j += width) {
                for (int i = 0; i < m; i += height) {
                    run(
                            s,
                            transposeA,
                            false,
                            Math.min(height, m - i),
                            Math.min(width, n - j),
                            Math.min(depth, k - l),
                            at(a, lda, transposeA ? l : i, transposeA ? i : l),
                            lda,
                            at(b, ldb, l, j),
                            ldb,
                            l == 0 ? beta : 1,
                            at(c, ldc, i, j),
                            ldc);
                }
            }
        }
    }

    /** A length of blocks that fills whole vectors, at most {@code most}, with which the last block is not short. */
    private static int blockOf(int length, int most) {
        int blocks = (length + most - 1) / most;
        int even = (length + blocks - 1) / blocks;
        return Math.min(most, (even + VECTOR - 1) / VECTOR * VECTOR);
    }

    private static long at(long matrix, int leading, int row, int column) {
        return matrix + ((long) row * leading + column) * Float.BYTES;
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
