package io.miniai.nn;

import io.miniai.tensor.Tensor;

/** How wrong predictions are, as one number to be made smaller; {@link Losses} has the usual ones. */
@FunctionalInterface
public interface Loss {
    /**
     * The loss of a batch.
     *
     * @param preds what the model gave
     * @param target what it should have given
     * @return a scalar, shape {@code []}, that gradients flow back from
     */
    Tensor apply(Tensor preds, Tensor target);
}
