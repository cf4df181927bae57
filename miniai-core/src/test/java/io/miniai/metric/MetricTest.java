package io.miniai.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.miniai.nn.Losses;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MetricTest {
    private final Accuracy accuracy = new Accuracy();

    @Test
    void weights_values_by_samples() {
        accuracy.add(0.6, 32);
        accuracy.add(0.9, 2);
        assertThat(accuracy.value()).isCloseTo(0.62, within(0.005)).isCloseTo(21.0 / 34, within(1e-12));
    }

    @Test
    void throws_at_a_negative_number_of_samples_and_ignores_none() {
        assertThatThrownBy(() -> accuracy.add(0.5, -1)).hasMessage("Expected 0 or more samples; got -1.");
        accuracy.add(0.5, 0);
        assertThat(accuracy.value()).isNaN();
    }

    @Test
    void is_nan_when_empty_and_after_reset() {
        assertThat(accuracy.value()).isNaN();
        accuracy.add(1, 5);
        accuracy.reset();
        assertThat(accuracy.value()).isNaN();
    }

    @Test
    void accuracy_counts_rows_whose_largest_logit_is_the_label_and_nan_rows_as_misses() {
        Tensor preds = Tensor.of(new float[] {1, 2, 0, -1, -2, -3, 0, 0, 9, Float.NaN, Float.NaN, Float.NaN}, 4, 3);
        accuracy.add(preds, Tensor.of(new long[] {1, 0, 1, 0}, 4), 4);
        assertThat(accuracy.value()).isEqualTo(0.5);
    }

    @Test
    void accuracy_throws_when_shapes_or_types_do_not_fit() {
        assertThatThrownBy(() -> accuracy.add(Tensor.zeros(2, 3, 1, 1), Tensor.of(new long[2], 2), 2))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[2, 3, 1, 1] and [2]");
        assertThatThrownBy(() -> accuracy.add(Tensor.zeros(2, 3), Tensor.zeros(2), 2))
                .hasMessageContaining("use MeanLoss");
    }

    @Test
    void what_it_computes_is_not_recorded_for_gradients() {
        boolean[] recorded = new boolean[1];
        Metric metric = new Metric() {
            @Override
            public String name() {
                return "mean";
            }

            @Override
            protected double calc(Tensor preds, Tensor target) {
                Tensor mean = preds.mean();
                recorded[0] = mean.requiresGrad();
                return mean.item();
            }
        };
        metric.add(Tensor.full(3, 2).requiresGrad(true), Tensor.zeros(2), 2);
        assertThat(metric.value()).isEqualTo(3);
        assertThat(recorded[0]).isFalse();
    }

    @Test
    void mean_loss_weights_a_small_last_batch_less() {
        MeanLoss l1 = new MeanLoss("l1", Losses::l1);
        l1.add(Tensor.full(3, 4, 1), Tensor.zeros(4, 1), 4);
        l1.add(Tensor.full(1, 1, 1), Tensor.zeros(1, 1), 1);
        assertThat(l1.value()).isCloseTo(13.0 / 5, within(1e-6));
    }
}
