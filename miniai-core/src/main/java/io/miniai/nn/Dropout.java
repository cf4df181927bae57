package io.miniai.nn;

import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;

/**
 * In training sets each element to zero with probability p and divides the others by 1 − p, so that the mean
 * stays; in evaluation lets its input through (Srivastava et al., 2014).
 */
public final class Dropout extends Elementwise implements Randomized {
    final double p;
    private final Rng rng;

    /** Drops with probability {@code p}, drawn from the next generator of {@link Init}. */
    public Dropout(double p) {
        this(p, Init.rng());
    }

    /**
     * Drops with probability {@code p}, drawn from {@code rng}.
     *
     * @throws IllegalArgumentException when p is not in [0, 1)
     */
    public Dropout(double p, Rng rng) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException(
                    "Expected a dropout probability of at least 0 and below 1; got " + p + ".");
        }
        this.p = p;
        this.rng = rng;
    }

    /** What the next masks are drawn from. */
    @Override
    public Rng rng() {
        return rng;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return training() && p > 0 ? x.dropout(p, rng) : x;
    }

    @Override
    public String label() {
        return "Dropout(" + p + ")";
    }
}
