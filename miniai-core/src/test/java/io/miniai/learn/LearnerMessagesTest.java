package io.miniai.learn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.callback.LambdaCB;
import io.miniai.callback.MetricsCB;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Lambda;
import io.miniai.nn.Losses;
import io.miniai.optim.SGD;
import io.miniai.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the learner and its callbacks say when they are used wrongly; docs/errors.md lists the texts. */
class LearnerMessagesTest {
    @Test
    void says_what_is_wrong_with_batches_and_options() {
        assertThatThrownBy(() -> new Batch(Tensor.zeros(3, 2), Tensor.zeros(4)))
                .hasMessage(
                        "Expected inputs and targets of the same number of samples; got inputs [3, 2] and targets [4]."
                                + " Dimension 0 counts the samples in both: make them equal.");
        assertThatThrownBy(() -> FitOptions.of(1).train(false).valid(false))
                .hasMessage("Expected a fit to train, to validate, or both; got neither.");
        assertThatThrownBy(() -> FitOptions.of(1).lr(-1))
                .hasMessage("Expected a learning rate of 0 or more; got -1.0.");
    }

    @Test
    void says_that_there_is_nothing_to_read_yet() {
        assertThatThrownBy(() -> Toys.learner(1, 1).history().last())
                .hasMessage(
                        "Expected figures of an epoch; got none so far. Fix: add a MetricsCB to the Learner, and fit.");
        assertThatThrownBy(() -> Toys.learner(1, 1).epoch())
                .hasMessage(
                        "Expected a fit to be running or done; got none so far. Fix: read the state of the loop from a"
                                + " callback, or after fit.");
        assertThatThrownBy(() -> Toys.learner(1, 1).fit(1, LambdaCB.on(Event.BEFORE_FIT, Learner::preds)))
                .cause()
                .hasMessage("There is no preds here. Expected: a hook from afterPredict on.");
        assertThatThrownBy(() ->
                        Toys.learner(1, 1).fit(1, LambdaCB.on(Event.BEFORE_EPOCH, l -> l.setLoss(Tensor.scalar(1)))))
                .cause()
                .hasMessage("Expected setLoss from a hook or step of a batch; got it outside of one.");
    }

    @Test
    void says_what_is_wrong_with_losses_and_data() {
        assertThatThrownBy(() -> Toys.learner(1, 1).loss((p, t) -> p).fit(1))
                .cause()
                .hasMessage("Expected a loss of one number; got [4, 1]. Fix: end it with mean() or sum().");
        assertThatThrownBy(() -> Learner.of(Toys.model(), TrainValid.of(List.of()))
                        .loss(Losses::mse)
                        .optimizer(SGD::new)
                        .fit(1, 0.1))
                .cause()
                .hasMessage(
                        "Expected at least one batch; got none. Fix: give it data, and a source that can be iterated again"
                                + " for every epoch.");
    }

    @Test
    @SuppressWarnings("NullAway") // that is the mistake
    void says_which_function_returned_null() {
        assertThatThrownBy(() -> Toys.learner(1, 1).loss((p, t) -> null).fit(1))
                .cause()
                .hasMessage("Expected a loss of one number; the loss function returned null.");
        assertThatThrownBy(
                        () -> Toys.learner(1, 1).optimizer((params, lr) -> null).fit(1, 0.1))
                .hasMessage("Expected an optimizer; the function given to optimizer(…) returned null.");
        assertThatThrownBy(() -> new Lambda("nothing", x -> null).apply(Tensor.zeros(1)))
                .hasMessage("io.miniai.nn.Lambda: expected a tensor; forward returned null.");
    }

    @Test
    void says_what_is_wrong_with_metrics() {
        assertThatThrownBy(() -> new MetricsCB(new Accuracy(), new Accuracy()))
                .hasMessage("Expected metrics of different names; got [accuracy, accuracy].");
        assertThatThrownBy(() -> Toys.learner(1, 1)
                        .with(new MetricsCB(), new MetricsCB())
                        .fit(1))
                .cause()
                .hasMessage("Expected one MetricsCB in a fit; got more. Fix: give all metrics to one.");
        Accuracy accuracy = new Accuracy();
        assertThatThrownBy(() -> accuracy.add(Tensor.zeros(2, 3), Tensor.zeros(2), 2))
                .hasMessage(
                        "Accuracy: expected class labels INT64 [N]; got FLOAT32 [2]. Fix: use it with labels only; for"
                                + " other targets use MeanLoss.");
        assertThatThrownBy(() -> accuracy.add(Tensor.zeros(2, 3, 1), Tensor.of(new long[2], 2), 2))
                .hasMessage(
                        "Accuracy: expected predictions [N, classes] and labels [N]; got [2, 3, 1] and [2]. Fix: end the"
                                + " model with a layer that gives one row per sample, for example Flatten.");
    }
}
