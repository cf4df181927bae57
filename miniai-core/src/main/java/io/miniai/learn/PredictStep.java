package io.miniai.learn;

import io.miniai.tensor.Tensor;

/**
 * A callback that takes over the step {@code predict} of every batch.
 *
 * <p>Turns the batch into predictions; by default the model is called with the batch's inputs. {@link Learner#predict()} runs what the
 * learner would have done, so a step can also wrap it. Two callbacks that take over the same step in one
 * fit are an error when the fit starts.
 */
@FunctionalInterface
public interface PredictStep extends Callback {

    /** Turns the batch into predictions, {@code [N, ...]}. */
    Tensor predict(Learner learn);
}
