package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

class CpuMathTest {
    private static final int N = 200_000;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void the_exponential_is_right_to_one_unit_in_the_last_place() {
        assertUnits(() -> random.nextDouble(-87, 88), CpuMath::exp, Math::exp, 1);
    }

    @Test
    void the_logarithm_is_right_to_two_units_in_the_last_place() {
        assertUnits(() -> random.nextDouble(0.5, 2), CpuMath::log, Math::log, 2);
        assertUnits(() -> Math.exp(random.nextDouble(-87, 88)), CpuMath::log, Math::log, 2);
    }

    @Test
    void the_hyperbolic_tangent_is_right_to_three_units_in_the_last_place_however_small() {
        assertUnits(() -> Math.pow(10, random.nextDouble(-20, 1.5)), CpuMath::tanh, Math::tanh, 3);
        assertUnits(() -> -Math.pow(10, random.nextDouble(-20, 1.5)), CpuMath::tanh, Math::tanh, 3);
    }

    private static void assertUnits(
            DoubleSupplier draw, ObjIntConsumer<float[]> f, DoubleUnaryOperator truth, double most) {
        float[] x = new float[N];
        for (int i = 0; i < N; i++) {
            x[i] = (float) draw.getAsDouble();
        }
        float[] y = x.clone();

        f.accept(y, N);

        for (int i = 0; i < N; i++) {
            double expected = truth.applyAsDouble(x[i]);
            double units = Math.abs(y[i] - expected) / Math.ulp((float) expected);
            assertThat(units).as("units at %s", x[i]).isLessThanOrEqualTo(most);
        }
    }

    @Test
    void the_hyperbolic_tangent_of_what_is_no_number_or_has_no_end_is_what_it_should_be() {
        float[] x = {0, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 40, -40, Float.MIN_VALUE};

        CpuMath.tanh(x, x.length);

        assertThat(x).containsExactly(0, Float.NaN, 1, -1, 1, -1, Float.MIN_VALUE);
    }
}
