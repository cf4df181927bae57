package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.testing.GradientCheck;
import io.miniai.testing.Oracle;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every differentiable op's gradient is the slope of its result. */
class GradientCheckTest {
    @TestFactory
    Stream<DynamicTest> gradients_agree_with_differences() {
        return Stream.of("elementwise", "reductions", "shapes", "images", "losses")
                .flatMap(Oracle::gradientChecks);
    }

    @Test
    void a_chain_of_ops_agrees_with_differences() {
        Tensor x = Tensor.randn(Rng.of(1), 2, 3, 7, 6).toDType(DType.FLOAT64).requiresGrad(true);
        Tensor w = Tensor.randn(Rng.of(2), 4, 3, 3, 3).toDType(DType.FLOAT64).requiresGrad(true);
        Tensor b = Tensor.randn(Rng.of(3), 4).toDType(DType.FLOAT64).requiresGrad(true);
        Window window = Window.of(3).withStride(2).withPadding(1);
        GradientCheck.check(
                "conv, sigmoid, upsampling, mean",
                in -> in[0].conv2d(in[1], in[2], window)
                        .sigmoid()
                        .upsampleNearest2d(2)
                        .mean(1, false),
                x,
                w,
                b);
    }

    @Test
    void a_tensor_used_twice_sums_both_gradients() {
        Tensor x = Tensor.of(new double[] {0.3, -0.7, 1.1}, 3).requiresGrad(true);
        GradientCheck.check("x · tanh(x) + x²", in -> in[0].mul(in[0].tanh()).add(in[0].square()), x);
    }

    @Test
    void finds_a_wrong_gradient() {
        Tensor x = Tensor.of(new double[] {0.3, -0.7}, 2).requiresGrad(true);
        assertThatThrownBy(() -> GradientCheck.check("cut", in -> in[0].mul(in[0].detach()), x))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("differences give");
        assertThat(x.grad()).isNotNull();
    }
}
