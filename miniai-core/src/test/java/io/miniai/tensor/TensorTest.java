package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
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
    void whole_numbers_become_fractions_where_the_result_is_one() {
        Tensor whole = Tensor.arange(4);
        assertThat(whole.div(2).toFloatArray()).containsExactly(0, 0.5f, 1, 1.5f);
        assertThat(whole.mul(0.5).toFloatArray()).containsExactly(0, 0.5f, 1, 1.5f);
        assertThat(whole.sub(0.5).toFloatArray()).containsExactly(-0.5f, 0.5f, 1.5f, 2.5f);
        assertThat(whole.pow(-1).toFloatArray()).containsExactly(Float.POSITIVE_INFINITY, 1, 1 / 2f, 1 / 3f);
        assertThat(whole.div(whole).toFloatArray()).containsExactly(Float.NaN, 1, 1, 1);
        assertThat(whole.mul(2).add(1).pow(2).toString()).isEqualTo("Tensor[4] INT64 [ 1,  9, 25, 49]");
        assertThat(whole.lt(1.5).toFloatArray()).containsExactly(1, 1, 0, 0);
    }

    @Test
    void divides_by_a_number_as_java_does() {
        float[] x = new float[1000];
        float[] thirds = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
            thirds[i] = x[i] / 3;
        }
        Tensor t = Tensor.of(x, x.length).requiresGrad(true);
        assertThat(t.div(3).toFloatArray()).isEqualTo(thirds);
        t.div(4).sum().backward();
        assertThat(Objects.requireNonNull(t.grad()).toFloatArray()).containsOnly(0.25f);
    }

    @Test
    void a_gradient_has_the_type_of_what_it_belongs_to() {
        Tensor w = Tensor.ones(3).requiresGrad(true);
        Tensor wide = Tensor.of(new double[] {1, 2, 3}, 3);
        w.mul(2).mul(wide).sum().backward();
        w.mul(wide).sum().backward();
        assertThat(Objects.requireNonNull(w.grad()).toString()).isEqualTo("Tensor[3] FLOAT32 [3, 6, 9]");
        TensorUpdates.sgd(w, 1, 0, 0, 0, false, true, null);
        assertThat(w.toFloatArray()).containsExactly(-2, -5, -8);
    }

    @Test
    void a_size_of_one_stretches_in_every_type_and_rank() {
        for (DType type : DType.values()) {
            Tensor one = Tensor.full(type, 2, 1, 1);
            Tensor row = Tensor.arange(3).toDType(type);
            assertThat(one.mul(row).toDoubleArray()).containsExactly(0, 2, 4);
            assertThat(row.mul(one).shape()).isEqualTo(Shape.of(1, 3));
        }
    }

    @Test
    void the_logarithm_of_a_softmax_keeps_the_differences_of_large_logits() {
        Tensor logits = Tensor.of(new float[] {1e30f, 1e30f, -50, 1e20f}, 2, 2);
        assertThat(logits.logSoftmax(1).toFloatArray()).containsExactly(-0.6931472f, -0.6931472f, -1e20f, 0);
        assertThat(logits.crossEntropy(Tensor.of(new long[] {1, 1}, 2)).item())
                .isCloseTo(Math.log(2) / 2, within(1e-7));
    }

    @Test
    void random_numbers_stay_below_their_bound_in_float32_too() {
        assertThat(Tensor.uniform(Rng.of(1), 1, Math.nextUp(1f), 1000).toFloatArray())
                .containsOnly(1);
    }

    @Test
    void the_power_of_zero_has_no_slope_and_large_whole_numbers_print_exactly() {
        Tensor x = Tensor.zeros(2).requiresGrad(true);
        x.pow(0).sum().backward();
        assertThat(Objects.requireNonNull(x.grad()).toFloatArray()).containsOnly(0);
        assertThat(Tensor.of(new long[] {(1L << 53) + 1}, 1).toString())
                .isEqualTo("Tensor[1] INT64 [9007199254740993]");
    }

    @Test
    void the_gradient_of_relu_lets_nan_through() {
        Tensor x = Tensor.of(new float[] {Float.NaN, Float.intBitsToFloat(0xFFC00000), -1, 2}, 4)
                .requiresGrad(true);
        x.relu().backward(Tensor.full(3, 4));
        assertThat(Objects.requireNonNull(x.grad()).toFloatArray()).containsExactly(3, 3, 0, 3);
    }

    @Test
    void a_copy_stays_when_an_optimizer_changes_the_parameter() {
        Tensor p = Tensor.ones(2).requiresGrad(true);
        Tensor before = p.detach().copy();
        p.copy().mul(3).sum().backward();
        TensorUpdates.sgd(p, 1, 0, 0, 0, false, true, null);
        assertThat(p.toFloatArray()).containsOnly(-2);
        assertThat(before.toFloatArray()).containsOnly(1);
        assertThat(before.requiresGrad()).isFalse();
    }

    @Test
    void padding_by_nothing_does_not_share_the_parameter() {
        Tensor p = Tensor.ones(1, 1, 2, 2).requiresGrad(true);
        Tensor q = p.pad(0, 0, 0, 0);
        assertThat(q.sum().item()).isEqualTo(4);
        TensorUpdates.assign(p, Tensor.zeros(1, 1, 2, 2));
        assertThat(q.sum().item()).isEqualTo(4);
    }

    @Test
    void a_convolution_made_without_recording_stays_without() {
        Tensor x = Tensor.ones(1, 1, 3, 3);
        Tensor w = Tensor.ones(1, 1, 3, 3).requiresGrad(true);
        Tensor y = Tensor.noGrad(() -> x.conv2d(w, null, Window.of(3)));
        assertThat(y.relu().requiresGrad()).isFalse();
        Tensor padded = Tensor.noGrad(() -> w.pad(1, 1, 1, 1));
        assertThat(padded.conv2d(x, null, Window.of(3)).requiresGrad()).isFalse();
    }

    @Test
    void what_waits_for_its_reader_can_be_a_leaf() {
        Tensor x = Tensor.ones(1, 1, 3, 3);
        Tensor y = x.conv2d(x, null, Window.of(3)).requiresGrad(true);
        y.relu().mul(5).sum().backward();
        assertThat(Objects.requireNonNull(y.grad()).toFloatArray()).containsExactly(5);
        Tensor padded = x.pad(1, 1, 1, 1).requiresGrad(true);
        padded.conv2d(x, null, Window.of(3)).sum().backward();
        assertThat(Objects.requireNonNull(padded.grad()).sum().item()).isEqualTo(81);
    }

    @Test
    void a_convolution_does_not_take_images_that_were_changed_later() {
        Tensor x = Tensor.ones(1, 1, 3, 3);
        Tensor y = x.conv2d(Tensor.ones(1, 1, 3, 3), null, Window.of(3));
        TensorUpdates.assign(x, Tensor.zeros(1, 1, 3, 3));
        assertThatThrownBy(y::item)
                .hasMessageContaining("was first read after its images or its weight had been changed");
    }

    @Test
    void what_was_made_outside_a_step_and_first_read_inside_outlives_it() {
        Tensor x = Tensor.ones(1, 1, 3, 3);
        List<Tensor> made = List.of(x.conv2d(x, null, Window.of(3)), x.upsampleNearest2d(2), x.pad(1, 1, 1, 1));
        Workspace step = new Workspace();
        try (Workspace.Entered inside = step.enter()) {
            assertThat(made.get(0).relu().sum().item()).isEqualTo(9);
            made.forEach(Tensor::sum);
        }
        step.release();
        assertThat(made).extracting(t -> t.sum().item()).containsExactly(9.0, 36.0, 9.0);
        assertThat(made.get(0).relu().item()).isEqualTo(9);
    }

    @Test
    void makes_the_identity() {
        assertThat(Tensor.eye(2).toFloatArray()).containsExactly(1, 0, 0, 1);
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
