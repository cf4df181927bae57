package io.miniai.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.tensor.DType;
import io.miniai.tensor.Tensor;
import java.util.Objects;
import java.util.function.Function;
import org.assertj.core.api.Assertions;

/**
 * Checks gradients against central differences, {@code (f(x + h) − f(x − h)) / 2h}, in float64. The result is made a
 * scalar by summing it with fixed weights that are all different.
 */
public final class GradientCheck {
    private static final double H = 1e-6;
    private static final double TOLERANCE = 1e-6;
    private static final int ELEMENTS = 40;

    private GradientCheck() {}

    /**
     * Checks the gradient of every input that requires one, at up to 40 of its elements. The function must be smooth within
     * 1e-6 of the inputs.
     */
    public static void check(String what, Function<Tensor[], Tensor> function, Tensor... inputs) {
        Tensor out = function.apply(inputs);
        Tensor weights = weights(out);
        out.backward(weights);
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].requiresGrad()) {
                assertThat(inputs[i].dtype()).isEqualTo(DType.FLOAT64);
                check("%s, input %d".formatted(what, i), function, inputs, i, weights);
            }
        }
    }

    private static void check(
            String what, Function<Tensor[], Tensor> function, Tensor[] inputs, int i, Tensor weights) {
        int[] shape = inputs[i].shape().toArray();
        double[] x = inputs[i].toDoubleArray();
        double[] gradient = Objects.requireNonNull(inputs[i].grad(), what).toDoubleArray();
        Tensor[] shifted = inputs.clone();
        int stride = Math.max(1, x.length / ELEMENTS);
        for (int e = 0; e < x.length; e += stride) {
            double at = x[e];
            x[e] = at + H;
            shifted[i] = Tensor.of(x, shape);
            double above = value(function, shifted, weights);
            x[e] = at - H;
            shifted[i] = Tensor.of(x, shape);
            double below = value(function, shifted, weights);
            x[e] = at;
            double difference = (above - below) / (2 * H);
            if (!(Math.abs(difference - gradient[e]) <= TOLERANCE * (1 + Math.abs(difference)))) {
                Assertions.fail(
                        "%s: gradient of element %d is %s; differences give %s", what, e, gradient[e], difference);
            }
        }
    }

    private static double value(Function<Tensor[], Tensor> function, Tensor[] inputs, Tensor weights) {
        return Tensor.noGrad(() -> function.apply(inputs).mul(weights).sum().item());
    }

    private static Tensor weights(Tensor out) {
        double[] w = new double[Math.toIntExact(out.numel())];
        for (int i = 0; i < w.length; i++) {
            w[i] = Math.sin(i + 1.0);
        }
        return Tensor.of(w, out.shape().toArray());
    }
}
