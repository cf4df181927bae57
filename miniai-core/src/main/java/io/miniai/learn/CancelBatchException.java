package io.miniai.learn;

/** Ends the running batch, the rest of its steps and hooks included: thrown from any hook or step of a batch. @see CancelException */
public final class CancelBatchException extends CancelException {
    private static final long serialVersionUID = 1L;

    /** Has no message and no stack trace: it is a signal, not a failure. */
    public CancelBatchException() {
        super(Level.BATCH);
    }
}
