package io.miniai.callback;

import io.miniai.learn.Batch;
import io.miniai.learn.Borrows;
import io.miniai.learn.Callback;
import io.miniai.learn.Learner;
import io.miniai.tensor.Tensor;

/**
 * Trains an autoencoder: makes the inputs of every batch its targets, for the loss and the metrics alike.
 *
 * <p>Order −50: after {@link DeviceCB}, before callbacks that change the inputs.
 */
public final class InputIsTargetCB implements Callback, Borrows {

    @Override
    public int order() {
        return -50;
    }

    @Override
    public void beforeBatch(Learner learn) {
        Tensor x = learn.batch().x();
        learn.setBatch(new Batch(x, x));
    }
}
