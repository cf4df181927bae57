package io.miniai.benchmarks.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TaskTest {
    @Test
    void gives_every_contestant_the_same_numbers() {
        Task task = new Task(Model.POOL64, 3);
        assertThat(task.images()).hasSize(3 * 64 * 64).containsExactly(new Task(Model.POOL64, 3).images());
        assertThat(task.labels()).hasSize(3).containsExactly(new Task(Model.POOL64, 3).labels());
    }

    @Test
    void starts_parameters_within_the_bound_of_their_fan_in_and_differently() {
        float[] weight = Task.parameter(0, 90, 9);
        for (float w : weight) {
            assertThat(Math.abs(w)).isLessThanOrEqualTo(1 / 3f);
        }
        assertThat(Task.parameter(1, 90, 9)).isNotEqualTo(weight);
    }

    @Test
    void throws_with_all_names_for_a_model_that_is_not_there() {
        assertThatThrownBy(() -> Model.of("resnet"))
                .hasMessage(
                        "Expected a model, one of cnn, wide, autoencoder, mlp, pool-cnn-28, pool-cnn-64, cnn-forward;"
                                + " got resnet.");
    }
}
