package io.miniai.learn;

/** Ends the running pass over the training or the validation data: thrown from any hook or step of an epoch or batch. @see CancelException */
public final class CancelEpochException extends CancelException {
    private static final long serialVersionUID = 1L;

    /** Has no message and no stack trace: it is a signal, not a failure. */
    public CancelEpochException() {
        super(Level.EPOCH);
    }
}
