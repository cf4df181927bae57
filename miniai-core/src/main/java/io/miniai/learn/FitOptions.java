package io.miniai.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call of {@link Learner#fit(FitOptions)} does: {@code FitOptions.of(3).lr(0.1).valid(false)}.
 *
 * @param epochs number of epochs, 0 or more
 * @param lr learning rate of this fit, or null for the learner's
 * @param train whether epochs have a training pass
 * @param valid whether epochs have a validation pass, if there is data for it
 * @param callbacks callbacks of this fit only
 */
public record FitOptions(int epochs, @Nullable Double lr, boolean train, boolean valid, List<Callback> callbacks) {

    /** @throws IllegalArgumentException when a number is out of range or there is nothing to do */
    public FitOptions {
        if (epochs < 0) {
            throw new IllegalArgumentException("Expected 0 or more epochs; got " + epochs + ".");
        }
        if (lr != null) {
            checkLr(lr);
        }
        if (!train && !valid) {
            throw new IllegalArgumentException("Expected a fit to train, to validate, or both; got neither.");
        }
        callbacks = List.copyOf(callbacks);
    }

    /** Training and validation for a number of epochs, with the learner's learning rate. */
    public static FitOptions of(int epochs) {
        return new FitOptions(epochs, null, true, true, List.of());
    }

    /** With another learning rate, at least 0. */
    public FitOptions lr(double lr) {
        return new FitOptions(epochs, lr, train, valid, callbacks);
    }

    /** With or without training passes; without, the fit only validates and needs no optimizer. */
    public FitOptions train(boolean train) {
        return new FitOptions(epochs, lr, train, valid, callbacks);
    }

    /** With or without validation passes. */
    public FitOptions valid(boolean valid) {
        return new FitOptions(epochs, lr, train, valid, callbacks);
    }

    /** With more callbacks, gone when the fit ends. */
    public FitOptions with(Callback... more) {
        List<Callback> all = new ArrayList<>(callbacks);
        all.addAll(checkCallbacks(more));
        return new FitOptions(epochs, lr, train, valid, all);
    }

    static List<Callback> checkCallbacks(Callback... callbacks) {
        List<Callback> list = Arrays.asList(callbacks);
        int missing = list.indexOf(null);
        if (missing >= 0) {
            throw new IllegalArgumentException("Expected callbacks; got null as number " + missing + ".");
        }
        return list;
    }

    static double checkLr(double lr) {
        if (!(lr >= 0) || Double.isInfinite(lr)) {
            throw new IllegalArgumentException("Expected a learning rate of 0 or more; got " + lr + ".");
        }
        return lr;
    }
}
