package io.miniai.learn;

/**
 * A callback that takes over the step {@code backward} of every batch.
 *
 * <p>Computes the gradients of the loss; only while training. {@link Learner#backward()} runs what the
 * learner would have done, so a step can also wrap it. Two callbacks that take over the same step in one
 * fit are an error when the fit starts.
 */
@FunctionalInterface
public interface BackwardStep extends Callback {

    /** Computes the gradients. */
    void backward(Learner learn);
}
