package io.miniai.metric;

import io.miniai.tensor.DType;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;

/** The share of samples whose largest logit is that of the label, 0 to 1. */
public final class Accuracy extends Metric {

    @Override
    public String name() {
        return "accuracy";
    }

    /**
     * The share of hits in a batch. A row in which every logit is NaN is a miss.
     *
     * @param preds logits or probabilities {@code [N, classes]}
     * @param target labels {@code [N]}, INT64
     * @throws ShapeException when the shapes are others
     * @throws IllegalArgumentException when the labels are not INT64
     */
    @Override
    protected double calc(Tensor preds, Tensor target) {
        check(preds, target);
        int samples = preds.size(0);
        int classes = preds.size(1);
        float[] p = preds.toFloatArray();
        long[] labels = target.toLongArray();
        int hits = 0;
        for (int i = 0; i < samples; i++) {
            if (largest(p, i * classes, classes) == labels[i]) {
                hits++;
            }
        }
        return (double) hits / samples;
    }

    private static void check(Tensor preds, Tensor target) {
        if (target.dtype() != DType.INT64) {
            throw new IllegalArgumentException("Accuracy: expected class labels INT64 [N]; got " + target.dtype() + " "
                    + target.shape() + ". Fix: use it with labels only; for other targets use MeanLoss.");
        }
        if (preds.rank() != 2 || target.rank() != 1 || preds.size(0) != target.size(0)) {
            throw new ShapeException("Accuracy: expected predictions [N, classes] and labels [N]; got " + preds.shape()
                    + " and " + target.shape()
                    + ". Fix: end the model with a layer that gives one row per sample, for example Flatten.");
        }
    }

    private static int largest(float[] values, int from, int n) {
        int at = -1;
        float best = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < n; j++) {
            if (values[from + j] > best) {
                best = values[from + j];
                at = j;
            }
        }
        return at;
    }
}
