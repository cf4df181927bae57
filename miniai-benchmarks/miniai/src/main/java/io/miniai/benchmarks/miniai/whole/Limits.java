package io.miniai.benchmarks.miniai.whole;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.miniai.benchmarks.miniai.Networks;
import io.miniai.benchmarks.protocol.Model;
import io.miniai.nn.Summary;
import io.miniai.tensor.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;

/** What the machine can do at most: matrix products by OpenBLAS alone, and copying of memory. */
public final class Limits {
    private static final int N = 1024;
    private static final int ROUNDS = 10;
    private static final int COPIED = 64 << 20; // floats

    private Limits() {}

    /** Prints the peaks, and how many multiply-adds each model of the benchmarks takes for an image. */
    public static void main(String[] args) {
        for (int threads = 1; threads <= Runtime.getRuntime().availableProcessors(); threads++) {
            Print.line("gemm %d×%d×%d, %d threads: %.0f GFLOP/s", N, N, N, threads, gemm(threads));
        }
        Print.line("copying memory, all cores: %.1f GB/s read and written together", copy());
        for (Model model : Model.values()) {
            int size = model.imageSize();
            Print.line(
                    "%s: %d multiply-adds forward for an image",
                    model.title(),
                    Summary.of(Networks.started(model), Shape.of(1, 1, size, size))
                            .multiplyAdds());
        }
    }

    private static double gemm(int threads) {
        blas_set_num_threads(threads);
        float[] values = new float[N * N];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        try (FloatPointer a = new FloatPointer(values);
                FloatPointer b = new FloatPointer(values);
                FloatPointer c = new FloatPointer(values)) {
            double best = Double.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                long start = System.nanoTime();
                cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, a, N, b, N, 0, c, N);
                best = Math.min(best, Print.secondsSince(start));
            }
            return 2.0 * N * N * N / best / 1e9;
        }
    }

    private static double copy() {
        int cores = Runtime.getRuntime().availableProcessors();
        float[] from = new float[COPIED];
        float[] to = new float[COPIED];
        Arrays.fill(from, 1);
        double best = Double.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            int part = COPIED / cores;
            IntStream.range(0, cores).parallel().forEach(c -> System.arraycopy(from, c * part, to, c * part, part));
            best = Math.min(best, Print.secondsSince(start));
        }
        return 2.0 * Float.BYTES * COPIED / best / 1e9;
    }
}
