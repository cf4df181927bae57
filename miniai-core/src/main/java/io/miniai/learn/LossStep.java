package io.miniai.learn;

import io.miniai.tensor.Tensor;

/**
 * A callback that takes over the step {@code getLoss} of every batch.
 *
 * <p>Turns predictions and batch into the loss; by default the loss function is called with the predictions and the
 * batch's targets. {@link Learner#getLoss()} runs what the
 * learner would have done, so a step can also wrap it. Two callbacks that take over the same step in one
 * fit are an error when the fit starts.
 */
@FunctionalInterface
public interface LossStep extends Callback {

    /** Turns predictions and batch into the loss, one number. */
    Tensor getLoss(Learner learn);
}
