package io.miniai.learn;

/**
 * A callback that takes over the step {@code step} of every batch.
 *
 * <p>Updates the parameters from their gradients; only while training. {@link Learner#step()} runs what the
 * learner would have done, so a step can also wrap it. Two callbacks that take over the same step in one
 * fit are an error when the fit starts.
 */
@FunctionalInterface
public interface OptimizerStep extends Callback {

    /** Updates the parameters. */
    void step(Learner learn);
}
