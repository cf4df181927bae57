package io.miniai.benchmarks.miniai.whole;

import io.miniai.callback.DeviceCB;
import io.miniai.callback.MetricsCB;
import io.miniai.data.DataLoader;
import io.miniai.data.DataLoaders;
import io.miniai.data.DatasetDict;
import io.miniai.data.PngFolder;
import io.miniai.data.idx.Originals;
import io.miniai.learn.Batch;
import io.miniai.learn.Callback;
import io.miniai.learn.Learner;
import io.miniai.learn.TrainValid;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.optim.SGD;
import io.miniai.tensor.Workspace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Trains the classifier on Fashion-MNIST from 60,000 PNG files, reading and validation included. */
public final class FashionRun {
    private static final int EPOCHS = 5;
    private static final int BATCH = 256;
    private static final int CLASSES = 10;

    /** Many, since the machine's speed changes from second to second. */
    private static final int DECODE_ROUNDS = 11;

    private FashionRun() {}

    /** Arguments: the folder of the four originals, and a folder for the PNG files, which are written when missing. */
    public static void main(String[] args) {
        Path png = Path.of(args[1]);
        if (!Files.isDirectory(png)) {
            Originals originals = Originals.find("Fashion-MNIST", Path.of(args[0]));
            Objects.requireNonNull(originals, "Expected the four originals in the folder given.")
                    .writePng(png, CLASSES);
        }
        train(png);
        decode(png);
    }

    private static void train(Path png) {
        long start = System.nanoTime();
        DatasetDict data = PngFolder.open(png);
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
            Print.line("whole run, %d epochs: %.2f s", EPOCHS, Print.secondsSince(start));
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

    /** How long one and two loader threads need to read and decode the training images, from their folder and from one zip of it. */
    private static void decode(Path png) {
        List<Path> sources = List.of(png, zipOf(png));
        double[][][] seconds = new double[sources.size()][2][DECODE_ROUNDS];
        for (int round = 0; round < DECODE_ROUNDS; round++) {
            for (int source = 0; source < sources.size(); source++) {
                DatasetDict data = PngFolder.open(sources.get(source));
                for (int workers = 1; workers <= 2; workers++) {
                    seconds[source][workers - 1][round] = read(data, workers);
                }
            }
        }
        for (int source = 0; source < sources.size(); source++) {
            double[] one = seconds[source][0];
            double[] two = seconds[source][1];
            double[] ratios = IntStream.range(0, DECODE_ROUNDS)
                    .mapToDouble(round -> one[round] / two[round])
                    .sorted()
                    .toArray();
            double fastestOne = DoubleStream.of(one).min().orElseThrow();
            double fastestTwo = DoubleStream.of(two).min().orElseThrow();
            Print.line(
                    "decoding the training images from %s: 1 worker %.2f s, 2 workers %.2f s in the fastest round,"
                            + " %.2f times as fast; round by round %.2f times (%.2f to %.2f)",
                    source == 0 ? "a folder" : "a zip",
                    fastestOne,
                    fastestTwo,
                    fastestOne / fastestTwo,
                    ratios[DECODE_ROUNDS / 2],
                    ratios[0],
                    ratios[DECODE_ROUNDS - 1]);
        }
    }

    /** Written when missing. */
    private static Path zipOf(Path folder) {
        Path zip = folder.resolveSibling(folder.getFileName() + ".zip");
        if (!Files.exists(zip)) {
            try (ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(zip)));
                    Stream<Path> files = Files.walk(folder)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    out.putNextEntry(
                            new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
                    Files.copy(file, out);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return zip;
    }

    private static double read(DatasetDict data, int workers) {
        long start = System.nanoTime();
        try (DataLoader loader = DataLoader.of(data.train())
                .batchSize(BATCH)
                .workers(workers)
                .cache(0)
                .build()) {
            Workspace memory = new Workspace();
            Iterator<Batch> batches = loader.iterator();
            while (batches.hasNext()) {
                memory.release();
                try (Workspace.Entered inside = memory.enter()) {
                    batches.next();
                }
            }
            memory.release();
        }
        return Print.secondsSince(start);
    }
}
