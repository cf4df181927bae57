package io.miniai.callback;

import io.miniai.learn.Callback;
import io.miniai.learn.Event;
import io.miniai.learn.Learner;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A callback from a lambda: {@code LambdaCB.on(Event.AFTER_EPOCH, learn -> System.out.println(learn.epoch()))}.
 *
 * <p>Order 0.
 */
public final class LambdaCB implements Callback {
    private final Map<Event, Consumer<Learner>> actions = new EnumMap<>(Event.class);

    private LambdaCB() {}

    /** Runs {@code action} at every {@code event}. */
    public static LambdaCB on(Event event, Consumer<Learner> action) {
        return new LambdaCB().and(event, action);
    }

    /** Runs also {@code action} at every {@code event}, after what was given for it before. @return this */
    public LambdaCB and(Event event, Consumer<Learner> action) {
        actions.merge(event, action, Consumer::andThen);
        return this;
    }

    private void run(Event event, Learner learn) {
        Consumer<Learner> action = actions.get(event);
        if (action != null) {
            action.accept(learn);
        }
    }

    @Override
    public void beforeFit(Learner learn) {
        run(Event.BEFORE_FIT, learn);
    }

    @Override
    public void beforeEpoch(Learner learn) {
        run(Event.BEFORE_EPOCH, learn);
    }

    @Override
    public void beforeBatch(Learner learn) {
        run(Event.BEFORE_BATCH, learn);
    }

    @Override
    public void afterPredict(Learner learn) {
        run(Event.AFTER_PREDICT, learn);
    }

    @Override
    public void afterLoss(Learner learn) {
        run(Event.AFTER_LOSS, learn);
    }

    @Override
    public void afterBackward(Learner learn) {
        run(Event.AFTER_BACKWARD, learn);
    }

    @Override
    public void afterStep(Learner learn) {
        run(Event.AFTER_STEP, learn);
    }

    @Override
    public void afterBatch(Learner learn) {
        run(Event.AFTER_BATCH, learn);
    }

    @Override
    public void cleanupBatch(Learner learn) {
        run(Event.CLEANUP_BATCH, learn);
    }

    @Override
    public void afterEpoch(Learner learn) {
        run(Event.AFTER_EPOCH, learn);
    }

    @Override
    public void cleanupEpoch(Learner learn) {
        run(Event.CLEANUP_EPOCH, learn);
    }

    @Override
    public void afterFit(Learner learn) {
        run(Event.AFTER_FIT, learn);
    }

    @Override
    public void cleanupFit(Learner learn) {
        run(Event.CLEANUP_FIT, learn);
    }
}
