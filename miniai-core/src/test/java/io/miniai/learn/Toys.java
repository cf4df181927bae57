package io.miniai.learn;

import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.nn.Module;
import io.miniai.optim.SGD;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The smallest things that can be trained, for tests of the loop. */
public final class Toys {
    private Toys() {}

    /** Batches of {@code n} samples {@code [n, 2]} with targets {@code [n, 1]}, the same for every call. */
    public static List<Batch> batches(int count, int n) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(new Batch(Tensor.randn(Rng.of(7, i), n, 2), Tensor.randn(Rng.of(8, i), n, 1)));
        }
        return batches;
    }

    /** Data of {@code train} and {@code valid} batches of 4 samples. */
    public static TrainValid data(int train, int valid) {
        return TrainValid.of(batches(train, 4), batches(valid, 4));
    }

    public static Module model() {
        return new Linear(2, 1, true, Rng.of(3));
    }

    /** Complete but for callbacks: {@code train} and {@code valid} batches, learning rate 0.1. */
    public static Learner learner(int train, int valid) {
        return ready(Learner.of(model(), data(train, valid)));
    }

    public static Learner ready(Learner learn) {
        return learn.loss(Losses::mse).optimizer(SGD::new).lr(0.1);
    }
}
