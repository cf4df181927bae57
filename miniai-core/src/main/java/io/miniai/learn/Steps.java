package io.miniai.learn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who takes over which of the five steps; null where the learner does it itself. */
final class Steps {
    final @Nullable PredictStep predict;
    final @Nullable LossStep getLoss;
    final @Nullable BackwardStep backward;
    final @Nullable OptimizerStep step;
    final @Nullable ZeroGradStep zeroGrad;

    /** @throws IllegalStateException when two callbacks want the same step */
    Steps(List<Callback> callbacks) {
        predict = only(callbacks, PredictStep.class, "predict");
        getLoss = only(callbacks, LossStep.class, "getLoss");
        backward = only(callbacks, BackwardStep.class, "backward");
        step = only(callbacks, OptimizerStep.class, "step");
        zeroGrad = only(callbacks, ZeroGradStep.class, "zeroGrad");
    }

    private static <T extends Callback> @Nullable T only(List<Callback> callbacks, Class<T> type, String step) {
        T found = null;
        for (Callback c : callbacks) {
            if (type.isInstance(c)) {
                if (found != null) {
                    throw new IllegalStateException("Expected one callback at most to take over the step " + step
                            + "; got " + nameOf(found) + " and " + nameOf(c)
                            + ". Fix: leave one of them out of this fit, or combine them in one.");
                }
                found = type.cast(c);
            }
        }
        return found;
    }

    /** The class of a callback or learner, as short as it is clear. */
    static String nameOf(Object o) {
        String simple = o.getClass().getSimpleName();
        String full = o.getClass().getName();
        return simple.isEmpty() ? full.substring(full.lastIndexOf('.') + 1) : simple;
    }
}
