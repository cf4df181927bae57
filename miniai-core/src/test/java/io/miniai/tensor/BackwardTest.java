package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What backward leaves behind, where gradients end, and what may change between forward and backward. */
class BackwardTest {
    private final Tensor w = parameter(1, 2);
    private final Tensor v = parameter(3, 4);

    private static Tensor parameter(float... values) {
        return Tensor.of(values, values.length).requiresGrad(true);
    }

    private static float[] grad(Tensor t) {
        return Objects.requireNonNull(t.grad()).toFloatArray();
    }

    @Test
    void a_backward_that_failed_leaves_nothing_to_the_next_one() {
        Tensor h = w.mul(2);
        Tensor k = v.exp();
        k.sum().backward();
        Tensor again = h.add(k).sum();
        assertThatThrownBy(again::backward).isInstanceOf(IllegalStateException.class);
        w.zeroGrad();

        h.square().sum().backward();

        assertThat(grad(w)).containsExactly(8, 16);
    }

    @Test
    void what_is_detached_is_another_tensor_also_where_nothing_required_a_gradient() {
        Tensor x = Tensor.of(new float[] {1, 2}, 2);
        Tensor p = x.detach().requiresGrad(true);

        p.mul(3).sum().add(x.mul(100).sum()).backward();

        assertThat(grad(p)).containsExactly(3, 3);
        assertThat(x.requiresGrad()).isFalse();
    }

    @Test
    void nothing_in_noGrad_requires_a_gradient_not_even_what_changes_nothing() {
        Tensor h = w.square();
        for (Tensor same : new Tensor[] {
            Tensor.noGrad(() -> h.toDType(DType.FLOAT32)),
            Tensor.noGrad(() -> h.expand(2)),
            Tensor.noGrad(() -> h.reshape(2))
        }) {
            assertThat(same.requiresGrad()).isFalse();
        }
    }

    @Test
    void a_gradient_that_was_read_never_changes() {
        w.square().sum().backward();
        Tensor read = Objects.requireNonNull(w.grad());
        Tensor penalty = read.mul(v).sum();

        w.mul(10).sum().backward();
        TensorUpdates.scaleGrad(w, 0.5);
        penalty.backward();

        assertThat(read.toFloatArray()).containsExactly(2, 4);
        assertThat(grad(v)).containsExactly(2, 4);
        assertThat(grad(w)).containsExactly(6, 7);
        read = Objects.requireNonNull(w.grad());
        TensorUpdates.clampGrad(w, 1);
        assertThat(read.toFloatArray()).containsExactly(6, 7);
        assertThat(grad(w)).containsExactly(1, 1);
    }

    @Test
    void notices_conditions_labels_and_indices_that_were_changed_in_place() {
        Tensor condition = parameter(1, 0);
        Tensor chosen = Tensor.where(condition, v, v.mul(5)).sum();
        TensorUpdates.assign(condition, Tensor.of(new float[] {0, 1}, 2));
        assertChanged(chosen);

        Tensor labels = Tensor.of(new long[] {0, 1}, 2);
        Tensor logits = Tensor.ones(2, 3).requiresGrad(true);
        Tensor loss = Losses.crossEntropy(logits, labels);
        TensorUpdates.assign(labels, Tensor.of(new long[] {2, 2}, 2));
        assertChanged(loss);

        Tensor index = Tensor.of(new long[] {1, 0}, 2);
        Tensor picked = v.gather(0, index).mul(Tensor.of(new float[] {1, 2}, 2)).sum();
        TensorUpdates.assign(index, Tensor.of(new long[] {0, 0}, 2));
        assertChanged(picked);
    }

    private static void assertChanged(Tensor loss) {
        assertThatThrownBy(loss::backward)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unchanged between forward and backward");
    }

    @Test
    void equal_extremes_share_the_gradient_over_all_and_the_first_gets_it_along_a_dimension() {
        Tensor x = parameter(3, 3);
        x.max().backward();
        assertThat(grad(x)).containsExactly(0.5f, 0.5f);
        x.zeroGrad();
        x.max(0, true).sum().backward();
        assertThat(grad(x)).containsExactly(1, 0);
    }

    @Test
    void whole_numbers_are_raised_exactly() {
        assertThat(Tensor.of(new long[] {5001, 4097, 12345}, 3).pow(2).toLongArray())
                .containsExactly(25_010_001, 16_785_409, 152_399_025);
    }
}
