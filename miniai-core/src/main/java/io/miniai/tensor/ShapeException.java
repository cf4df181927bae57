package io.miniai.tensor;

/** Sizes that do not fit together; the message says what was expected, what came and how to fix it. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public ShapeException(String message) {
        super(message);
    }

    public ShapeException(String message, Throwable cause) {
        super(message, cause);
    }
}
