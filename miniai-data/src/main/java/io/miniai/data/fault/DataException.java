package io.miniai.data.fault;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Data that is missing, damaged or not as declared; the message names the file, what was expected and the fix. */
public final class DataException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Makes an exception from a complete message.
     *
     * @param message file, fault and fix
     */
    public DataException(String message) {
        this(message, null);
    }

    /**
     * Makes an exception from a complete message and what lies under it.
     *
     * @param message file, fault and fix
     * @param cause what was thrown below, if anything was
     */
    public DataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
