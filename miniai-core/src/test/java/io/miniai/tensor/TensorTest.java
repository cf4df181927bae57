package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void adds_with_broadcasting() {
        Tensor a = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Tensor b = Tensor.of(new float[] {10, 20, 30}, 3);
        assertThat(a.add(b).toFloatArray()).containsExactly(11, 22, 33, 14, 25, 36);
    }

    @Test
    void computes_the_gradient_of_a_mean_of_squares() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        Tensor w = Tensor.of(new float[] {1, 1}, 2, 1).requiresGrad(true);
        x.matmul(w).square().mean().backward();
        assertThat(Objects.requireNonNull(w.grad()).toFloatArray()).containsExactly(24, 34);
    }

    @Test
    void convolves_and_flows_back() {
        Rng rng = Rng.of(1);
        Tensor x = Tensor.randn(rng, 2, 3, 5, 5).requiresGrad(true);
        Tensor w = Tensor.randn(rng, 4, 3, 3, 3).requiresGrad(true);
        Tensor b = Tensor.randn(rng, 4).requiresGrad(true);
        Window window = Window.of(3).withStride(2).withPadding(1);
        Tensor y = x.conv2d(w, b, window);
        assertThat(y.shape()).isEqualTo(Shape.of(2, 4, 3, 3));
        Tensor byHand =
                w.reshape(4, 27).matmul(x.unfold(window)).reshape(2, 4, 3, 3).add(b.reshape(1, 4, 1, 1));
        assertThat(y.sub(byHand).abs().max().item()).isCloseTo(0, within(1e-5));
        y.square().sum().backward();
        float[] gx = Objects.requireNonNull(x.grad()).toFloatArray();
        float[] gw = Objects.requireNonNull(w.grad()).toFloatArray();
        float[] gb = Objects.requireNonNull(b.grad()).toFloatArray();
        x.zeroGrad();
        w.zeroGrad();
        b.zeroGrad();
        byHand.square().sum().backward();
        assertThat(Objects.requireNonNull(x.grad()).toFloatArray()).containsExactly(gx, within(1e-3f));
        assertThat(Objects.requireNonNull(w.grad()).toFloatArray()).containsExactly(gw, within(1e-3f));
        assertThat(Objects.requireNonNull(b.grad()).toFloatArray()).containsExactly(gb, within(1e-3f));
    }

    @Test
    void prints_shape_type_and_values() {
        assertThat(Tensor.of(new float[] {1, 2.5f, -3, 4}, 2, 2))
                .hasToString("Tensor[2, 2] FLOAT32\n[[ 1.0000,  2.5000],\n [-3.0000,  4.0000]]");
    }

    @Test
    void a_second_backward_through_one_forward_is_an_error() {
        Tensor w = Tensor.ones(2).requiresGrad(true);
        Tensor loss = w.square().sum();
        loss.backward();
        assertThatThrownBy(loss::backward).hasMessageContaining("Expected one backward() for each forward");
    }

    @Test
    void reading_a_tensor_after_its_step_fails_loudly_and_a_kept_one_stays() {
        Workspace workspace = new Workspace();
        Tensor lost;
        Tensor kept;
        try (var step = workspace.enter()) {
            lost = Tensor.ones(3);
            kept = Tensor.ones(3).keep();
        }
        workspace.release();
        assertThatThrownBy(lost::toFloatArray).hasMessageContaining("keep()");
        assertThat(kept.toFloatArray()).containsExactly(1, 1, 1);
    }
}
