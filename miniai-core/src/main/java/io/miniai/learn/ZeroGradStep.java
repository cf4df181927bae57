package io.miniai.learn;

/**
 * A callback that takes over the step {@code zeroGrad} of every batch.
 *
 * <p>Forgets the gradients after the update; only while training. {@link Learner#zeroGrad()} runs what the
 * learner would have done, so a step can also wrap it. Two callbacks that take over the same step in one
 * fit are an error when the fit starts.
 */
@FunctionalInterface
public interface ZeroGradStep extends Callback {

    /** Forgets the gradients. */
    void zeroGrad(Learner learn);
}
