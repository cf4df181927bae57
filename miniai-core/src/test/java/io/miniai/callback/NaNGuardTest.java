package io.miniai.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.learn.Batch;
import io.miniai.learn.Event;
import io.miniai.learn.FitOptions;
import io.miniai.learn.Learner;
import io.miniai.learn.LearnerException;
import io.miniai.learn.Toys;
import io.miniai.learn.TrainValid;
import io.miniai.nn.Lambda;
import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.nn.Module;
import io.miniai.nn.ReLU;
import io.miniai.nn.Sequential;
import io.miniai.optim.SGD;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NaNGuardTest {
    private static final String SMALLER_STEPS =
            " Fix: a smaller learning rate, GradientClipCB, or inputs nearer to 0..1.";

    private static Learner learner(Module model, List<Batch> batches) {
        return Learner.of(model, TrainValid.of(batches, Toys.batches(1, 4)))
                .loss(Losses::mse)
                .optimizer(SGD::new)
                .lr(0.1);
    }

    /** Two batches that are fine, then one with inputs of this value. */
    private static List<Batch> third(double value) {
        List<Batch> batches = new ArrayList<>(Toys.batches(2, 4));
        batches.add(new Batch(Tensor.full(value, 4, 2), Tensor.zeros(4, 1)));
        return batches;
    }

    private static Sequential twoLayers(Module between) {
        return Sequential.of(new Linear(2, 3, true, Rng.of(3)), between, new Linear(3, 1, true, Rng.of(4)));
    }

    @Test
    void says_epoch_batch_and_that_the_inputs_were_not_finite() {
        assertThatThrownBy(() -> learner(Toys.model(), third(Double.NaN)).fit(5, new NaNGuardCB()))
                .isInstanceOf(LearnerException.class)
                .hasMessage(
                        "Epoch 1/5, training batch 3/3: afterLoss of NaNGuardCB failed: ArithmeticException: The loss is"
                                + " NaN. First not finite: the inputs of the batch. Fix: look at the data, and how it is normalised.");
    }

    @Test
    void names_the_first_layer_whose_output_is_not_finite() {
        Module log = new Lambda("log", x -> x.mul(0).log().mul(0));
        assertThatThrownBy(() -> learner(twoLayers(log), Toys.batches(2, 4)).fit(1, new NaNGuardCB()))
                .cause()
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("The loss is NaN. First not finite: the output of layer 1 Lambda(log)." + SMALLER_STEPS);
    }

    @Test
    void names_a_parameter_that_the_step_before_made_infinite() {
        Learner learn = learner(twoLayers(new ReLU()), Toys.batches(2, 4));
        assertThatThrownBy(() -> learn.fit(
                        1,
                        new NaNGuardCB(),
                        LambdaCB.on(
                                Event.AFTER_STEP,
                                l -> TensorUpdates.assign(
                                        l.model().parameter("2.weight"), Tensor.full(Double.POSITIVE_INFINITY, 1, 3)))))
                .cause()
                .message()
                .matches("The loss is (NaN|Infinity)\\. First not finite: parameter 2\\.weight \\[1, 3\\] in"
                        + " Linear\\(3→1\\), changed by the step before\\." + SMALLER_STEPS.replace(".", "\\."));
    }

    @Test
    void says_that_the_loss_itself_is_to_blame_when_predictions_are_finite() {
        Learner learn = learner(Toys.model(), Toys.batches(2, 4))
                .loss((p, t) -> p.mul(0).log().mul(0).mean());
        assertThatThrownBy(() -> learn.fit(1, new NaNGuardCB()))
                .cause()
                .hasMessage(
                        "The loss is NaN. The predictions are finite. Fix: look at the targets, and at log or division in"
                                + " the loss function.");
    }

    @Test
    void names_layer_and_parameter_whose_gradient_is_the_first_that_is_not_finite() {
        // √x at 0: finite forward, infinite slope. The gradient of the layer behind it is fine, those before are not.
        Module root = new Lambda("root", x -> x.mul(0).sqrt());
        Learner learn = learner(twoLayers(root), Toys.batches(2, 4));
        float[] before = learn.model().parameter("2.weight").toFloatArray();
        assertThatThrownBy(() -> learn.fit(1, new NaNGuardCB()))
                .hasMessageContaining("Epoch 1/1, training batch 1/2: afterBackward of NaNGuardCB failed: ")
                .cause()
                .message()
                .matches("The gradient of 0\\.bias \\[3\\] in Linear\\(2→3\\) is not finite, though the loss is"
                        + " \\d\\.\\d{4}\\. Gradients come from the loss back to the inputs: it is the first\\."
                        + SMALLER_STEPS.replace(".", "\\."));
        assertThat(learn.model().parameter("2.weight").toFloatArray()).containsExactly(before);
    }

    @Test
    void looks_at_validation_losses_too() {
        Learner learn = Learner.of(Toys.model(), TrainValid.of(Toys.batches(1, 4), third(Double.NaN)))
                .loss(Losses::mse)
                .optimizer(SGD::new)
                .lr(0.1);
        assertThatThrownBy(() -> learn.fit(FitOptions.of(1).with(new NaNGuardCB().skip(5))))
                .hasMessageStartingWith("Epoch 1/1, validation batch 3/3: ");
    }

    @Test
    void skips_and_counts_and_trains_as_if_the_batch_were_not_there() {
        Learner with = learner(Toys.model(), third(Double.NaN));
        Learner without = learner(Toys.model(), Toys.batches(2, 4));
        NaNGuardCB guard = new NaNGuardCB().skip(3);
        with.fit(3, guard);
        without.fit(3);
        assertThat(guard.skipped()).isEqualTo(3);
        assertThat(with.model().parameter("weight").toFloatArray())
                .containsExactly(without.model().parameter("weight").toFloatArray());
    }

    @Test
    void skips_batches_with_bad_gradients_without_leaving_any_behind() {
        Learner learn = learner(twoLayers(new Lambda("root", x -> x.mul(0).sqrt())), Toys.batches(4, 4));
        NaNGuardCB guard = new NaNGuardCB().skip(10);
        learn.fit(
                1,
                guard,
                LambdaCB.on(
                        Event.CLEANUP_BATCH,
                        l -> l.model()
                                .parameters()
                                .forEach(p -> assertThat(p.hasGrad()).isFalse())));
        assertThat(guard.skipped()).isEqualTo(4);
        assertThat(learn.model().parameters()).allMatch(Tensor::isFinite);
    }

    @Test
    void stops_when_more_than_allowed_would_be_skipped() {
        assertThatThrownBy(() -> learner(Toys.model(), third(Double.NaN)).fit(3, new NaNGuardCB().skip(1)))
                .hasMessageStartingWith("Epoch 2/3, training batch 3/3: ")
                .hasMessageEndingWith("how it is normalised. 1 such batches were left out before.");
        assertThatThrownBy(() -> new NaNGuardCB().skip(-1)).hasMessage("Expected 0 or more batches to skip; got -1.");
    }

    @Test
    void is_silent_while_all_is_well() {
        Learner learn = learner(twoLayers(new ReLU()), Toys.batches(3, 4));
        NaNGuardCB guard = new NaNGuardCB();
        learn.fit(2, guard);
        assertThat(guard.skipped()).isZero();
    }
}
