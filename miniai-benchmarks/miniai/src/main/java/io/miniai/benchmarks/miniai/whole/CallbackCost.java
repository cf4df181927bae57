package io.miniai.benchmarks.miniai.whole;

import io.miniai.callback.DeviceCB;
import io.miniai.callback.MetricsCB;
import io.miniai.callback.ProgressCB;
import io.miniai.learn.Batch;
import io.miniai.learn.Batches;
import io.miniai.learn.Callback;
import io.miniai.learn.FitOptions;
import io.miniai.learn.Learner;
import io.miniai.learn.TrainValid;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.optim.SGD;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What device, metrics and progress callbacks add to an epoch of the classifier at batch 256. */
public final class CallbackCost {
    private static final int BATCHES = 234;
    private static final int ROUNDS = 25;

    private CallbackCost() {}

    /** Prints the medians of epochs without and with callbacks, taken in turn. */
    public static void main(String[] args) {
        List<Batch> epoch = Collections.nCopies(BATCHES, Synthetic.images(256, 28));
        double[] plain = new double[ROUNDS];
        double[] full = new double[ROUNDS];
        for (int i = -2; i < ROUNDS; i++) {
            double without = seconds(epoch);
            double with = seconds(epoch, new DeviceCB(), new MetricsCB(new Accuracy()), new ProgressCB());
            if (i >= 0) {
                plain[i] = without;
                full[i] = with;
            }
        }
        Arrays.sort(plain);
        Arrays.sort(full);
        double a = plain[ROUNDS / 2];
        double b = full[ROUNDS / 2];
        Print.line(
                "epoch of %d batches: %.3f s plain, %.3f s with callbacks, %+.1f %%", BATCHES, a, b, 100 * (b / a - 1));
    }

    private static double seconds(List<Batch> epoch, Callback... callbacks) {
        Learner learn = Learner.of(Models.cnn(), TrainValid.of(Batches.of(epoch), Batches.of(epoch)))
                .loss(Losses::crossEntropy)
                .optimizer(SGD::new)
                .with(callbacks);
        long start = System.nanoTime();
        learn.fit(FitOptions.of(1).lr(0.01).valid(false));
        return Print.secondsSince(start);
    }
}
