package io.miniai.learn;

import org.jspecify.annotations.Nullable;

/**
 * A callback, a step of the loop or the data failed during a fit.
 *
 * <p>The message says where, counting epochs and batches from 1: {@code Epoch 2/5, training batch 18/235:
 * afterLoss of NaNGuard failed: ...}. The {@link #getCause() cause} is the original exception.
 */
public class LearnerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Callback callback;
    private final String event;
    private final int epoch;
    private final int batch;

    LearnerException(String message, Place place, @Nullable Throwable cause) {
        super(message, cause);
        this.callback = place.callback();
        this.event = place.event();
        this.epoch = place.epoch();
        this.batch = place.batch();
    }

    /** The callback that failed, or null when it was a step of the learner or the data. */
    public final @Nullable Callback callback() {
        return callback;
    }

    /** The hook, step or {@code "next batch"} that failed, for example {@code "afterLoss"}, {@code "predict"}. */
    public final String event() {
        return event;
    }

    /** The epoch, counted from 0 like {@link Learner#epoch()}; -1 outside of epochs. */
    public final int epoch() {
        return epoch;
    }

    /** The batch of the pass, counted from 0 like {@link Learner#iteration()}; -1 outside of batches. */
    public final int batch() {
        return batch;
    }

    /** What was running when something went wrong; -1 for an epoch or batch that was not. */
    record Place(@Nullable Callback callback, String event, int epoch, int batch) {}
}
