package io.miniai.data.download;

import java.io.Serial;

/** One attempt to fetch a file failed. */
final class TransferException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final boolean retry;

    /** @param retry whether the same mirror may do better next time */
    TransferException(String message, boolean retry) {
        super(message);
        this.retry = retry;
    }

    boolean retry() {
        return retry;
    }
}
