package io.miniai.callback;

import io.miniai.learn.Borrows;
import io.miniai.learn.Callback;
import io.miniai.learn.CancelFitException;
import io.miniai.learn.Learner;

/**
 * Ends the fit after its first batch: to try out whether everything fits together.
 *
 * <p>Order −1000, so that its afterBatch comes after everybody else's.
 */
public final class SingleBatchCB implements Callback, Borrows {

    @Override
    public int order() {
        return -1000;
    }

    @Override
    public void afterBatch(Learner learn) {
        throw new CancelFitException();
    }
}
