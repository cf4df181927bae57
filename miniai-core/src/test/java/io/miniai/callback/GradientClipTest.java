package io.miniai.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.miniai.learn.Batch;
import io.miniai.learn.Event;
import io.miniai.learn.Learner;
import io.miniai.learn.TrainValid;
import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.nn.Module;
import io.miniai.optim.SGD;
import io.miniai.tensor.MemoryStats;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GradientClipTest {
    private final Module model = new Linear(2, 1, true, Rng.of(3));

    /** One batch whose gradient is (a, b) for the weight and 1 for the bias. */
    private Learner learner(float a, float b, int batches) {
        Batch batch = new Batch(Tensor.of(new float[] {a, b}, 1, 2), Tensor.zeros(1, 1));
        return Learner.of(
                        model,
                        TrainValid.of(
                                IntStream.range(0, batches).mapToObj(i -> batch).toList()))
                .loss((preds, target) -> preds.sum())
                .optimizer(SGD::new)
                .lr(0);
    }

    private float[] gradientAfter(float a, float b, GradientClipCB clip) {
        float[] g = new float[3];
        learner(a, b, 1).fit(1, clip, LambdaCB.on(Event.AFTER_BACKWARD, l -> {
            System.arraycopy(model.parameter("weight").grad().toFloatArray(), 0, g, 0, 2);
            g[2] = (float) model.parameter("bias").grad().item();
        }));
        return g;
    }

    @Test
    void scales_all_gradients_together_to_the_norm_with_pytorchs_formula() {
        GradientClipCB clip = GradientClipCB.byNorm(1.5);
        float[] g = gradientAfter(2, -2, clip);
        float factor = (float) (1.5 / (3 + 1e-6)); // the norm of (2, -2, 1) is 3
        assertThat(g).containsExactly(2 * factor, -2 * factor, factor);
        assertThat(clip.lastNorm()).isCloseTo(3, within(1e-6));
    }

    @Test
    void leaves_gradients_within_the_norm_as_they_are() {
        assertThat(gradientAfter(2, -2, GradientClipCB.byNorm(3.01))).containsExactly(2, -2, 1);
    }

    @Test
    void clamps_every_value() {
        assertThat(gradientAfter(2, -7, GradientClipCB.byValue(0.5))).containsExactly(0.5f, -0.5f, 0.5f);
        assertThat(gradientAfter(0.25f, -7, GradientClipCB.byValue(4))).containsExactly(0.25f, -4, 1);
        assertThat(gradientAfter(Float.NaN, 2, GradientClipCB.byValue(1))).containsExactly(Float.NaN, 1, 1);
    }

    @Test
    void leaves_frozen_parameters_alone() {
        model.parameter("bias").requiresGrad(false);
        learner(3, 4, 1).fit(1, GradientClipCB.byNorm(1), LambdaCB.on(Event.AFTER_BACKWARD, l -> {
            assertThat(model.parameter("weight").grad().toFloatArray()[0]).isCloseTo(0.6f, within(1e-6f));
            assertThat(model.parameter("bias").hasGrad()).isFalse();
        }));
    }

    @Test
    void takes_no_new_memory_with_every_batch() {
        learner(2, -2, 10).fit(1, GradientClipCB.byNorm(1), GradientClipCB.byValue(0.1));
        long before = MemoryStats.now().allocations();
        learner(2, -2, 200).fit(1, GradientClipCB.byNorm(1), GradientClipCB.byValue(0.1));
        assertThat(MemoryStats.now().allocations() - before).isLessThan(20);
    }

    @Test
    void throws_when_the_limit_is_no_positive_number() {
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> GradientClipCB.byNorm(bad))
                    .hasMessage("Expected a limit above 0 for gradients; got " + bad + ".");
            assertThatThrownBy(() -> GradientClipCB.byValue(bad))
                    .hasMessage("Expected a limit above 0 for gradients; got " + bad + ".");
        }
    }

    @Test
    void keeps_a_training_from_blowing_up_that_would_without() {
        List<Batch> steep = List.of(new Batch(Tensor.full(100, 4, 2), Tensor.zeros(4, 1)));
        Learner wild = Learner.of(new Linear(2, 1, true, Rng.of(3)), TrainValid.of(steep, steep))
                .loss(Losses::mse)
                .optimizer(SGD::new)
                .lr(0.1)
                .with(new MetricsCB().printTo(line -> {}));
        wild.fit(30, GradientClipCB.byNorm(0.01));
        assertThat(wild.history().last().validLoss()).isFinite();
        wild.fit(30);
        assertThat(Double.isFinite(wild.history().last().validLoss())).isFalse();
    }
}
