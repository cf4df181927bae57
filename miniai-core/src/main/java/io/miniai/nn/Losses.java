package io.miniai.nn;

import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;

/** The usual losses, each the mean over the batch: {@code .loss(Losses::crossEntropy)}. */
public final class Losses {
    private Losses() {}

    /**
     * Cross-entropy of integer labels under softmax: the mean of {@code −log softmax(preds)[label]}.
     *
     * @param preds logits {@code [N, classes]}: raw scores, no softmax
     * @param target labels {@code [N]}, INT64, each 0 … classes − 1
     * @throws ShapeException when the shapes are others
     */
    public static Tensor crossEntropy(Tensor preds, Tensor target) {
        return preds.crossEntropy(target);
    }

    /**
     * Mean squared error: the mean of {@code (preds − target)²} over all elements.
     *
     * @throws ShapeException when the shapes differ
     */
    public static Tensor mse(Tensor preds, Tensor target) {
        return preds.mseLoss(target);
    }

    /**
     * Mean absolute error: the mean of {@code |preds − target|} over all elements.
     *
     * @throws ShapeException when the shapes differ
     */
    public static Tensor l1(Tensor preds, Tensor target) {
        return preds.l1Loss(target);
    }
}
