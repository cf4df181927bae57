package io.miniai.tensor.kernel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@KernelsContract
class OptimizerKernelsTest {
    private static final int[] SHAPE = {4, 3, 3, 5};

    private final Bench bench;
    private final Kernels kernels;

    OptimizerKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    @ParameterizedTest
    @CsvSource({
        "0.4, 0, 0, 0, false",
        "0.1, 0.01, 0, 0, false",
        "0.1, 0, 0.9, 0, false",
        "0.1, 0.01, 0.9, 0, false",
        "0.1, 0.01, 0.9, 0.3, false",
        "0.1, 0, 0.9, 0, true",
        "0.1, 0.01, 0.9, 0, true",
    })
    void descends_like_sgd_of_pytorch(double lr, double decay, double momentum, double dampening, boolean nesterov) {
        for (Order order : Order.values()) {
            double[] p = Bench.seeded(1, SHAPE);
            double[] buffer = new double[p.length];
            Array parameter = bench.image(order, p, SHAPE);
            Array state = momentum == 0 ? null : bench.emptyImage(order, SHAPE);
            for (int step = 0; step < 4; step++) {
                double[] grad = Bench.seeded(10 + step, SHAPE);
                Array g = bench.image(order, grad, SHAPE);

                kernels.sgd(parameter, g, lr, decay, momentum, dampening, nesterov, step == 0, state);

                for (int i = 0; i < p.length; i++) {
                    double d = grad[i] + decay * p[i];
                    if (momentum != 0) {
                        buffer[i] = step == 0 ? d : momentum * buffer[i] + (1 - dampening) * d;
                        d = nesterov ? d + momentum * buffer[i] : buffer[i];
                    }
                    p[i] -= lr * d;
                }
                bench.assertValues(g, grad);
                bench.assertValues(parameter, p);
                if (state != null) {
                    bench.assertValues(state, buffer);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.01, 0.9, 0.999, 1e-8, 0, false",
        "0.01, 0.9, 0.999, 1e-8, 0.05, false",
        "0.01, 0.9, 0.999, 1e-8, 0.05, true",
        "0.003, 0.8, 0.99, 1e-3, 0.1, true",
        "0.003, 0.8, 0.99, 0.5, 0, false",
    })
    void descends_like_adam_of_pytorch(double lr, double b1, double b2, double eps, double decay, boolean decoupled) {
        for (Order order : Order.values()) {
            double[] p = Bench.seeded(1, SHAPE);
            double[] m = new double[p.length];
            double[] v = new double[p.length];
            Array parameter = bench.image(order, p, SHAPE);
            Array first = bench.image(order, m, SHAPE);
            Array second = bench.image(order, v, SHAPE);
            for (int step = 1; step <= 4; step++) {
                double[] grad = Bench.seeded(10 + step, SHAPE);
                Array g = bench.image(order, grad, SHAPE);

                kernels.adam(parameter, g, first, second, lr, b1, b2, eps, decay, decoupled, step);

                for (int i = 0; i < p.length; i++) {
                    double d = grad[i] + (decoupled ? 0 : decay * p[i]);
                    m[i] = b1 * m[i] + (1 - b1) * d;
                    v[i] = b2 * v[i] + (1 - b2) * d * d;
                    double root = Math.sqrt(v[i]) / Math.sqrt(1 - Math.pow(b2, step));
                    p[i] -= (decoupled ? lr * decay * p[i] : 0) + lr * m[i] / (1 - Math.pow(b1, step)) / (root + eps);
                }
                bench.assertValues(g, grad);
                bench.assertValues(first, m);
                bench.assertValues(second, v);
                bench.assertValues(parameter, p);
            }
        }
    }

    @Test
    void the_first_step_of_adam_is_lr_whatever_the_size_of_the_gradient() {
        Array p = bench.array(new double[] {0, 0, 0}, 3);
        Array m = bench.array(new double[3], 3);
        Array v = bench.array(new double[3], 3);

        kernels.adam(p, bench.array(new double[] {1e-3, -1, 1e3}, 3), m, v, 0.01, 0.9, 0.999, 0, 0, false, 1);

        Bench.assertClose(bench.values(p), new double[] {-0.01, 0.01, -0.01}, 1e-7);
    }

    @Test
    void adam_still_moves_after_a_million_steps() {
        Array p = bench.array(new double[] {0}, 1);
        Array m = bench.array(new double[] {0.5}, 1);
        Array v = bench.array(new double[] {0.25}, 1);

        kernels.adam(p, bench.array(new double[] {0.5}, 1), m, v, 0.01, 0.9, 0.999, 1e-8, 0, false, 1_000_000);

        Bench.assertClose(bench.values(p), new double[] {-0.01}, 1e-6);
    }
}
