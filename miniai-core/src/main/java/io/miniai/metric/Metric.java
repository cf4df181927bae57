package io.miniai.metric;

import io.miniai.file.JsonObject;
import io.miniai.tensor.Tensor;
import java.util.Map;

/**
 * A figure for how good predictions are, as a mean over samples: {@code Σ v·n / Σ n}.
 *
 * <p>A metric defines {@link #calc} and {@link #name}; one that is no mean of batch values overrides
 * {@link #reset}, {@link #add(Tensor, Tensor, int)} and {@link #value} as well. {@code calc} is called for every
 * batch and should be cheap; what it computes is not recorded for gradients.
 */
public abstract class Metric {
    private double sum;
    private long count;

    /** What it is called in tables and in the history. */
    public abstract String name();

    /**
     * The value for one batch.
     *
     * @param preds what the model gave, {@code [N, ...]}
     * @param target what it should have given, {@code [N, ...]}
     */
    protected abstract double calc(Tensor preds, Tensor target);

    /** Adds a batch of {@code n} samples. Keeps neither tensor. */
    public void add(Tensor preds, Tensor target, int n) {
        add(Tensor.noGrad(() -> calc(preds, target)), n);
    }

    /**
     * Adds a value that stands for {@code n} samples.
     *
     * @throws IllegalArgumentException when {@code n} is negative
     */
    public final void add(double value, long n) {
        if (n < 0) {
            throw new IllegalArgumentException("Expected 0 or more samples; got " + n + ".");
        }
        if (n > 0) {
            sum += value * n;
            count += n;
        }
    }

    /** The mean of all that was added since the last reset; NaN when nothing was. */
    public double value() {
        return count == 0 ? Double.NaN : sum / count;
    }

    /** What was added since the last reset, for a checkpoint; a metric that overrides {@link #value} overrides it. */
    public Map<String, Object> state() {
        return Map.of("sum", sum, "count", count);
    }

    /**
     * Goes on from a saved {@link #state}.
     *
     * @throws IllegalArgumentException when it is of another metric
     */
    public void restore(JsonObject state) {
        sum = state.number("sum");
        count = state.integer("count", 0, Long.MAX_VALUE);
    }

    /** Forgets what was added. */
    public void reset() {
        sum = 0;
        count = 0;
    }
}
