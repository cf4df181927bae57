package io.miniai.tensor.kernel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@KernelsContract
class LossKernelsTest {
    private final Bench bench;
    private final Kernels kernels;

    LossKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    private static long[] labels(int n, int classes) {
        long[] labels = new long[n];
        for (int i = 0; i < n; i++) {
            labels[i] = (i * 7L + 3) % classes;
        }
        return labels;
    }

    private static double[] probabilities(double[] logits, int classes) {
        double[] p = new double[logits.length];
        for (int row = 0; row < logits.length; row += classes) {
            double sum = 0;
            for (int k = row; k < row + classes; k++) {
                sum += Math.exp(logits[k]);
            }
            for (int k = row; k < row + classes; k++) {
                p[k] = Math.exp(logits[k]) / sum;
            }
        }
        return p;
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "1, 10", "5, 3", "64, 10", "37, 100", "3, 1"})
    void computes_cross_entropy_and_probabilities(int n, int classes) {
        double[] x = Bench.random(n, classes);
        long[] labels = labels(n, classes);
        Array p = bench.empty(n, classes);
        Array loss = bench.empty();

        kernels.crossEntropy(bench.array(x, n, classes), bench.longs(labels, n), p, loss);

        double[] expected = probabilities(x, classes);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum -= Math.log(expected[i * classes + (int) labels[i]]);
        }
        bench.assertValues(p, expected);
        bench.assertValues(loss, sum / n);
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 1", "5, 3, 0.2", "64, 10, -0.5", "37, 100, 2"})
    void computes_the_gradient_of_cross_entropy(int n, int classes, double scale) {
        double[] p = probabilities(Bench.random(n, classes), classes);
        long[] labels = labels(n, classes);
        Array dx = bench.empty(n, classes);

        kernels.crossEntropyGrad(bench.array(p, n, classes), bench.longs(labels, n), scale, dx);

        for (int i = 0; i < n; i++) {
            p[i * classes + (int) labels[i]] -= 1;
        }
        for (int i = 0; i < p.length; i++) {
            p[i] *= scale;
        }
        bench.assertValues(dx, p);
    }

    @Test
    void cross_entropy_of_confident_logits_stays_finite() {
        Array loss = bench.empty();
        Array p = bench.empty(2, 3);
        Array x = bench.array(new double[] {1000, 0, -1000, 0, 500, 0}, 2, 3);

        kernels.crossEntropy(x, bench.longs(new long[] {0, 1}, 2), p, loss);
        bench.assertValues(loss, 0);
        bench.assertValues(p, 1, 0, 0, 0, 1, 0);
        kernels.crossEntropy(x, bench.longs(new long[] {1, 0}, 2), p, loss);
        bench.assertValues(loss, 750);
    }

    @Test
    void cross_entropy_keeps_small_losses() {
        Array loss = bench.empty();

        kernels.crossEntropy(
                bench.array(new double[] {5, -5}, 1, 2), bench.longs(new long[] {0}, 1), bench.empty(1, 2), loss);

        Bench.assertClose(bench.values(loss), new double[] {Math.log1p(Math.exp(-10))}, bench.tolerance() / 100);
    }

    @Test
    void averages_squared_and_absolute_differences() {
        for (int[] shape : new int[][] {{1}, {7, 3}, {64, 1, 28, 28}, {3, 2, 5, 7}}) {
            double[] a = Bench.seeded(1, shape);
            double[] b = Bench.seeded(2, shape);
            double squares = 0;
            double absolutes = 0;
            for (int i = 0; i < a.length; i++) {
                squares += (a[i] - b[i]) * (a[i] - b[i]) / a.length;
                absolutes += Math.abs(a[i] - b[i]) / a.length;
            }
            Array loss = bench.empty();

            kernels.mse(bench.array(a, shape), bench.array(b, shape), loss);
            bench.assertValues(loss, squares);
            kernels.l1(bench.array(a, shape), bench.array(b, shape), loss);
            bench.assertValues(loss, absolutes);
            if (shape.length == 4) {
                kernels.mse(bench.image(Order.BATCH_LAST, a, shape), bench.image(Order.BATCH_LAST, b, shape), loss);
                bench.assertValues(loss, squares);
                kernels.l1(bench.image(Order.BATCH_LAST, a, shape), bench.image(Order.BATCH_LAST, b, shape), loss);
                bench.assertValues(loss, absolutes);
            }
        }
    }
}
