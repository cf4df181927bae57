package io.miniai.learn;

/**
 * A signal to end a fit, an epoch or a batch early and silently.
 *
 * <p>It ends just that level: what is left of it, the {@code after} hooks included, is skipped, its
 * {@code cleanup} hooks run, and the loop goes on one level further out.
 */
public abstract sealed class CancelException extends RuntimeException
        permits CancelFitException, CancelEpochException, CancelBatchException {
    private static final long serialVersionUID = 1L;

    private final Level level;

    CancelException(Level level) {
        super(null, null, false, false);
        this.level = level;
    }

    /** What it ends. */
    final Level level() {
        return level;
    }
}
