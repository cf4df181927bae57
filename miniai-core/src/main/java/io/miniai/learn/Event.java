package io.miniai.learn;

/** The moments of a fit at which callbacks are called; {@link Callback} says when each one comes. */
public enum Event {
    /** {@link Callback#beforeFit}. */
    BEFORE_FIT("beforeFit", Level.FIT),
    /** {@link Callback#beforeEpoch}. */
    BEFORE_EPOCH("beforeEpoch", Level.EPOCH),
    /** {@link Callback#beforeBatch}. */
    BEFORE_BATCH("beforeBatch", Level.BATCH),
    /** {@link Callback#afterPredict}. */
    AFTER_PREDICT("afterPredict", Level.BATCH),
    /** {@link Callback#afterLoss}. */
    AFTER_LOSS("afterLoss", Level.BATCH),
    /** {@link Callback#afterBackward}. */
    AFTER_BACKWARD("afterBackward", Level.BATCH),
    /** {@link Callback#afterStep}. */
    AFTER_STEP("afterStep", Level.BATCH),
    /** {@link Callback#afterBatch}. */
    AFTER_BATCH("afterBatch", Level.BATCH),
    /** {@link Callback#cleanupBatch}. */
    CLEANUP_BATCH("cleanupBatch", Level.BATCH),
    /** {@link Callback#afterEpoch}. */
    AFTER_EPOCH("afterEpoch", Level.EPOCH),
    /** {@link Callback#cleanupEpoch}. */
    CLEANUP_EPOCH("cleanupEpoch", Level.EPOCH),
    /** {@link Callback#afterFit}. */
    AFTER_FIT("afterFit", Level.FIT),
    /** {@link Callback#cleanupFit}. */
    CLEANUP_FIT("cleanupFit", Level.FIT);

    private final String hook;
    private final Level level;

    Event(String hook, Level level) {
        this.hook = hook;
        this.level = level;
    }

    Level level() {
        return level;
    }

    /** Closing hooks run in reverse order, so that callbacks nest. */
    boolean closes() {
        return this == level.after() || this == level.cleanup();
    }

    void call(Callback callback, Learner learn) {
        switch (this) {
            case BEFORE_FIT -> callback.beforeFit(learn);
            case BEFORE_EPOCH -> callback.beforeEpoch(learn);
            case BEFORE_BATCH -> callback.beforeBatch(learn);
            case AFTER_PREDICT -> callback.afterPredict(learn);
            case AFTER_LOSS -> callback.afterLoss(learn);
            case AFTER_BACKWARD -> callback.afterBackward(learn);
            case AFTER_STEP -> callback.afterStep(learn);
            case AFTER_BATCH -> callback.afterBatch(learn);
            case CLEANUP_BATCH -> callback.cleanupBatch(learn);
            case AFTER_EPOCH -> callback.afterEpoch(learn);
            case CLEANUP_EPOCH -> callback.cleanupEpoch(learn);
            case AFTER_FIT -> callback.afterFit(learn);
            case CLEANUP_FIT -> callback.cleanupFit(learn);
        }
    }

    /** The name of the hook, {@code "beforeFit"}. */
    @Override
    public String toString() {
        return hook;
    }
}
