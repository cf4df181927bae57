package io.miniai.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InitTest {
    private static float[] first(Module m) {
        return m.parameters().get(0).toFloatArray();
    }

    @Test
    void the_same_seed_gives_the_same_model_and_another_seed_another_one() {
        Init.seed(42);
        float[] a = first(Models.cnn());
        Init.seed(42);
        float[] b = first(Models.cnn());
        Init.seed(43);
        float[] c = first(Models.cnn());
        assertThat(b).containsExactly(a);
        assertThat(c).isNotEqualTo(a);
    }

    @Test
    void layers_of_one_model_start_differently() {
        Init.seed(42);
        assertThat(first(new Linear(4, 4))).isNotEqualTo(first(new Linear(4, 4)));
    }

    @Test
    void threads_do_not_disturb_each_other() {
        Init.seed(42);
        float[] alone = first(Models.cnn());
        Init.seed(42);
        float[] elsewhere = CompletableFuture.supplyAsync(
                        () -> {
                            Init.seed(42);
                            return first(Models.cnn());
                        },
                        task -> new Thread(task).start())
                .join();
        assertThat(elsewhere).containsExactly(alone);
        assertThat(first(Models.cnn())).containsExactly(alone);
    }

    @Test
    void an_explicit_generator_decides_alone() {
        assertThat(first(new Linear(5, 3, true, Rng.of(9)))).containsExactly(first(new Linear(5, 3, true, Rng.of(9))));
    }

    @Test
    void weights_and_biases_are_uniform_within_one_over_the_root_of_fan_in() {
        Conv2d conv = new Conv2d(16, 64, Window.of(3, 5), true, Rng.of(1));
        assertUniform(conv.weight(), 1 / Math.sqrt(16 * 3 * 5));
        Linear linear = new Linear(400, 500, true, Rng.of(1));
        assertUniform(linear.weight(), 0.05);
        assertUniform(linear.parameter("bias"), 0.05);
    }

    private static void assertUniform(Tensor t, double bound) {
        assertThat(t.abs().max().item()).isLessThanOrEqualTo(bound).isGreaterThan(0.98 * bound);
        assertThat(t.mean().item()).isCloseTo(0, within(0.1 * bound));
        assertThat(t.square().mean().item()).isCloseTo(bound * bound / 3, within(0.1 * bound * bound / 3));
    }
}
