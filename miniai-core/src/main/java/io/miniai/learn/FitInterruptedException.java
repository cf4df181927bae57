package io.miniai.learn;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted during a fit, and the fit has ended because of that.
 *
 * <p>All clean-up hooks have run, and the thread's interrupt flag is set again.
 */
public final class FitInterruptedException extends LearnerException {
    private static final long serialVersionUID = 1L;

    FitInterruptedException(String message, Place place, @Nullable Throwable cause) {
        super(message, place, cause);
    }
}
