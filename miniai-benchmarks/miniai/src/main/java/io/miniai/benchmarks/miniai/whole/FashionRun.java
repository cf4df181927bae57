package io.miniai.benchmarks.miniai.whole;

import io.miniai.callback.DeviceCB;
import io.miniai.callback.MetricsCB;
import io.miniai.data.DataLoaders;
import io.miniai.data.DatasetDict;
import io.miniai.data.PngFolder;
import io.miniai.learn.Callback;
import io.miniai.learn.Learner;
import io.miniai.learn.TrainValid;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.optim.SGD;
import io.miniai.tensor.Device;
import java.nio.file.Path;
import java.util.Objects;

/** Trains the classifier on Fashion-MNIST from 60,000 PNG files, reading and validation included. */
public final class FashionRun {
    private static final int EPOCHS = 5;
    private static final int BATCH = 256;

    private FashionRun() {}

    /** Argument: the folder of PNG files, as {@link Decoding} writes it. */
    public static void main(String[] args) {
        long start = System.nanoTime();
        new Thread(Device::current).start(); // ND4J starts while the files are listed
        DatasetDict data = PngFolder.open(Path.of(args[0]));
        Print.line("listing %d files: %.2f s", data.train().size() + data.test().size(), Print.secondsSince(start));
        try (DataLoaders dls = DataLoaders.of(data.train(), data.test())
                .batchSize(BATCH)
                .workers(Runtime.getRuntime().availableProcessors())
                .build()) {
            TimedBatches train = new TimedBatches(dls.train());
            Learner learn = Learner.of(
                            Models.cnn(), TrainValid.of(train, Objects.requireNonNull(dls.valid(), "a test part")))
                    .loss(Losses::crossEntropy)
                    .optimizer(SGD::new)
                    .with(new DeviceCB(), new MetricsCB(new Accuracy()), new EpochFigures(start, train));
            learn.fit(EPOCHS, 0.4);
            Print.line("%d epochs: %.2f s", EPOCHS, Print.secondsSince(start));
        }
    }

    /** Prints, epoch by epoch, what the training pass used and waited for. */
    private static final class EpochFigures implements Callback {
        private final long start;
        private final TimedBatches train;
        private final Load load = new Load();
        private long passStart;
        private boolean first = true;

        EpochFigures(long start, TimedBatches train) {
            this.start = start;
            this.train = train;
        }

        @Override
        public void beforeEpoch(Learner learn) {
            load.busy();
            passStart = System.nanoTime();
        }

        @Override
        public void afterBatch(Learner learn) {
            if (first) {
                Print.line("first trained batch after %.2f s", Print.secondsSince(start));
                first = false;
            }
        }

        @Override
        public void afterEpoch(Learner learn) {
            if (learn.training()) {
                double wall = Print.secondsSince(passStart);
                Print.line(
                        "epoch %d, training pass: %.2f s, cores busy %.0f %%, in next() %.1f %% of the time",
                        learn.epoch() + 1, wall, 100 * load.busy(), 100 * train.seconds() / wall);
            }
        }
    }
}
