package io.miniai.learn;

/** Ends the whole fit: thrown from any hook or step. @see CancelException */
public final class CancelFitException extends CancelException {
    private static final long serialVersionUID = 1L;

    /** Has no message and no stack trace: it is a signal, not a failure. */
    public CancelFitException() {
        super(Level.FIT);
    }
}
