package io.miniai.tensor.kernel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@KernelsContract
class LinearKernelsTest {
    private static final int[][] ROWS_INNER_COLUMNS = {
        {1, 1, 1},
        {1, 5, 1},
        {5, 1, 4},
        {1, 7, 3},
        {7, 3, 1},
        {3, 4, 5},
        {17, 33, 9},
        {64, 50, 10},
        {130, 257, 65},
        {251, 390, 233}
    };

    private final Bench bench;
    private final Kernels kernels;

    LinearKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void multiplies_matrices(boolean transposeA, boolean transposeB) {
        for (int[] s : ROWS_INNER_COLUMNS) {
            int m = s[0];
            int k = s[1];
            int n = s[2];
            double[] a = Bench.seeded(1, m, k);
            double[] b = Bench.seeded(2, k, n);
            Array left = transposeA ? bench.array(Naive.transpose(a, m, k), k, m) : bench.array(a, m, k);
            Array right = transposeB ? bench.array(Naive.transpose(b, k, n), n, k) : bench.array(b, k, n);
            Array out = bench.empty(m, n);

            kernels.matmul(left, transposeA, right, transposeB, null, out);

            bench.assertSums(out, Naive.matmul(a, b, m, k, n));
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void adds_a_bias_to_every_row(boolean transposeA, boolean transposeB) {
        for (int[] s : ROWS_INNER_COLUMNS) {
            int m = s[0];
            int k = s[1];
            int n = s[2];
            double[] a = Bench.seeded(1, m, k);
            double[] b = Bench.seeded(2, k, n);
            double[] bias = Bench.seeded(3, n);
            Array left = transposeA ? bench.array(Naive.transpose(a, m, k), k, m) : bench.array(a, m, k);
            Array right = transposeB ? bench.array(Naive.transpose(b, k, n), n, k) : bench.array(b, k, n);
            Array out = bench.empty(m, n);

            kernels.matmul(left, transposeA, right, transposeB, bench.array(bias, n), out);

            double[] expected = Naive.matmul(a, b, m, k, n);
            for (int i = 0; i < expected.length; i++) {
                expected[i] += bias[i % n];
            }
            bench.assertSums(out, expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void multiplies_batches_of_matrices(boolean transposeA, boolean transposeB) {
        for (int batch : new int[] {1, 2, 7}) {
            for (int[] s : ROWS_INNER_COLUMNS) {
                multiplyBatch(batch, s[0], s[1], s[2], transposeA, transposeB);
            }
        }
    }

    private void multiplyBatch(int batch, int m, int k, int n, boolean transposeA, boolean transposeB) {
        double[] left = new double[batch * m * k];
        double[] right = new double[batch * k * n];
        double[] expected = new double[batch * m * n];
        for (int i = 0; i < batch; i++) {
            double[] a = Bench.seeded(2L * i, m, k);
            double[] b = Bench.seeded(2L * i + 1, k, n);
            System.arraycopy(transposeA ? Naive.transpose(a, m, k) : a, 0, left, i * m * k, m * k);
            System.arraycopy(transposeB ? Naive.transpose(b, k, n) : b, 0, right, i * k * n, k * n);
            System.arraycopy(Naive.matmul(a, b, m, k, n), 0, expected, i * m * n, m * n);
        }
        Array a = transposeA ? bench.array(left, batch, k, m) : bench.array(left, batch, m, k);
        Array b = transposeB ? bench.array(right, batch, n, k) : bench.array(right, batch, k, n);
        Array out = bench.empty(batch, m, n);

        kernels.matmul(a, transposeA, b, transposeB, null, out);

        bench.assertSums(out, expected);
    }

    @Test
    void leaves_the_factors_as_they_were() {
        double[] a = Bench.seeded(1, 3, 4);
        double[] b = Bench.seeded(2, 4, 5);
        Array left = bench.array(a, 3, 4);
        Array right = bench.array(b, 4, 5);

        kernels.matmul(left, false, right, false, null, bench.empty(3, 5));

        bench.assertValues(left, a);
        bench.assertValues(right, b);
    }
}
