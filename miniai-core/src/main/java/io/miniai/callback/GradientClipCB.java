package io.miniai.callback;

import io.miniai.learn.Borrows;
import io.miniai.learn.Callback;
import io.miniai.learn.Learner;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;

/**
 * Keeps gradients small before each update, with PyTorch's formulas ({@code clip_grad_norm_}, {@code clip_grad_value_}).
 *
 * <p>It clips what there is after each backward; a step that sums gradients over several batches has each sum clipped.
 *
 * <p>Order -30: after {@link NaNGuardCB}, before callbacks that look at the gradients.
 */
public final class GradientClipCB implements Callback, Borrows {
    private static final double EPSILON = 1e-6;

    private final double limit;
    private final boolean byNorm;
    private double lastNorm = Double.NaN;

    private GradientClipCB(double limit, boolean byNorm) {
        if (!(limit > 0) || Double.isInfinite(limit)) {
            throw new IllegalArgumentException("Expected a limit above 0 for gradients; got " + limit + ".");
        }
        this.limit = limit;
        this.byNorm = byNorm;
    }

    /**
     * Scales all gradients together so that their common norm is at most {@code maxNorm}: each is multiplied by
     * {@code min(1, maxNorm / (norm + 1e-6))}.
     *
     * @throws IllegalArgumentException when it is not above 0 and finite
     */
    public static GradientClipCB byNorm(double maxNorm) {
        return new GradientClipCB(maxNorm, true);
    }

    /**
     * Brings every value of every gradient into {@code [−limit, limit]}.
     *
     * @throws IllegalArgumentException when it is not above 0 and finite
     */
    public static GradientClipCB byValue(double limit) {
        return new GradientClipCB(limit, false);
    }

    /** The norm of all gradients before they were clipped last, √Σ g²; NaN before the first, and when clipping by value. */
    public double lastNorm() {
        return lastNorm;
    }

    @Override
    public int order() {
        return -30;
    }

    @Override
    public void afterBackward(Learner learn) {
        if (byNorm) {
            clipNorm(learn);
        } else {
            for (Tensor p : learn.optimizer().parameters()) {
                TensorUpdates.clampGrad(p, limit);
            }
        }
    }

    private void clipNorm(Learner learn) {
        double squares = 0;
        for (Tensor p : learn.optimizer().parameters()) {
            squares += TensorUpdates.gradSquares(p);
        }
        lastNorm = Math.sqrt(squares);
        double factor = limit / (lastNorm + EPSILON);
        if (!(factor >= 1)) {
            for (Tensor p : learn.optimizer().parameters()) {
                TensorUpdates.scaleGrad(p, factor);
            }
        }
    }
}
