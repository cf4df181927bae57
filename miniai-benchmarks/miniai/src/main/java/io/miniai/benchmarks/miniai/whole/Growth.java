package io.miniai.benchmarks.miniai.whole;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;

import io.miniai.data.DataLoader;
import io.miniai.learn.Batch;
import io.miniai.nn.Flatten;
import io.miniai.nn.GlobalAvgPool2d;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.nn.Module;
import io.miniai.nn.Sequential;
import io.miniai.optim.Optimizer;
import io.miniai.optim.SGD;
import io.miniai.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * How the cost grows with batch, image and number of samples: it should not, by image, pixel and sample.
 *
 * <p>The sizes of a table are measured in turn, several times; the first time, in which the JIT compiles, does not
 * count.
 */
public final class Growth {
    private static final int ROUNDS = 7;
    private static final double SECONDS = 0.5;

    private Growth() {}

    /** One line of a table: what is measured, and how often the unit of its cost is in it. */
    private record Size(String name, long units, DoubleSupplier seconds) {}

    /** Prints three tables; {@code short} leaves out the million samples. */
    public static void main(String[] args) {
        List<Size> batches = new ArrayList<>();
        for (int batch = 64; batch <= 4096; batch *= 4) {
            Batch images = Synthetic.images(batch, 28);
            batches.add(new Size("batch " + batch, batch, () -> step(Models.cnn(), images)));
        }
        print(batches, "an image");
        List<Size> pixels = new ArrayList<>();
        for (int side = 28; side <= 224; side *= 2) {
            Batch images = Synthetic.images(64, side);
            String name = "images %d×%d, batch 64".formatted(side, side);
            pixels.add(new Size(name, 64L * side * side, () -> step(pooled(), images)));
        }
        print(pixels, "a pixel");
        List<Size> samples = new ArrayList<>();
        for (int n = 10_000; n <= (Arrays.asList(args).contains("short") ? 100_000 : 1_000_000); n *= 10) {
            int size = n;
            samples.add(new Size("an epoch of %,d samples".formatted(n), n, () -> epochs(size)));
        }
        print(samples, "a sample");
    }

    private static void print(List<Size> sizes, String unit) {
        double[][] seconds = new double[sizes.size()][ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            for (int i = 0; i < sizes.size(); i++) {
                double measured = sizes.get(i).seconds().getAsDouble();
                if (round >= 0) {
                    seconds[i][round] = measured;
                }
            }
        }
        double[] medians = new double[sizes.size()];
        for (int i = 0; i < sizes.size(); i++) {
            Size size = sizes.get(i);
            medians[i] = median(seconds[i], ROUNDS);
            Print.line("%s: %.3f ms, %,.1f ns %s", size.name(), 1e3 * medians[i], 1e9 * medians[i] / size.units(), unit);
        }
        printNearestLine(sizes, medians, unit);
    }

    /**
     * The straight line from which no median deviates by more than it must, in parts of what was measured. Of any three
     * sizes the outer ones lie on one side of their line and the middle one on the other, all equally far; the three that
     * are farthest tell.
     */
    private static void printNearestLine(List<Size> sizes, double[] medians, String unit) {
        double fixed = 0;
        double rise = 0;
        double most = -1;
        for (int i = 0; i < sizes.size(); i++) {
            for (int j = i + 1; j < sizes.size(); j++) {
                for (int k = j + 1; k < sizes.size(); k++) {
                    double a = sizes.get(i).units();
                    double b = sizes.get(j).units();
                    double c = sizes.get(k).units();
                    double part = (b - a) / (c - a);
                    double chord = medians[i] + part * (medians[k] - medians[i]);
                    double apart = (medians[j] - chord) / (medians[j] + chord);
                    if (Math.abs(apart) > most) {
                        most = Math.abs(apart);
                        rise = (medians[k] - medians[i]) * (1 + apart) / (c - a);
                        fixed = medians[i] * (1 + apart) - rise * a;
                    }
                }
            }
        }
        Print.line(
                "nearest straight line: %.3f ms and %,.1f ns %s; from it at most %.0f %%",
                1e3 * fixed, 1e9 * rise, unit, 100 * most);
    }

    private static double median(double[] values, int count) {
        Arrays.sort(values, 0, count);
        return values[count / 2];
    }

    /** The classifier for images of any size. */
    private static Module pooled() {
        return Sequential.of(
                conv(1, 4),
                conv(4, 8),
                conv(8, 16),
                conv(16, 16),
                conv(16, 10, act(false)),
                new GlobalAvgPool2d(),
                new Flatten());
    }

    /** The median step in seconds. */
    private static double step(Module model, Batch batch) {
        Optimizer optimizer = new SGD(model.parameters(), 0.01);
        Workspace workspace = new Workspace();
        double[] times = new double[100_000];
        int steps = 0;
        for (long start = System.nanoTime(); Print.secondsSince(start) < SECONDS; steps++) {
            long before = System.nanoTime();
            train(model, optimizer, workspace, batch);
            times[steps] = Print.secondsSince(before);
        }
        workspace.release();
        return median(times, steps);
    }

    /** The seconds of an epoch; of a short one the mean of several. */
    private static double epochs(int samples) {
        int count = Math.max(1, 100_000 / samples);
        double seconds = 0;
        for (int i = 0; i < count; i++) {
            seconds += epoch(samples) / count;
        }
        return seconds;
    }

    private static double epoch(int samples) {
        Module model = Models.cnn();
        Optimizer optimizer = new SGD(model.parameters(), 0.01);
        Workspace workspace = new Workspace();
        long start = System.nanoTime();
        try (DataLoader loader = DataLoader.of(new Synthetic(samples))
                .batchSize(256)
                .shuffle(true)
                .cache(0)
                .build()) {
            for (Batch batch : loader) {
                train(model, optimizer, workspace, batch);
            }
        }
        return Print.secondsSince(start);
    }

    private static void train(Module model, Optimizer optimizer, Workspace workspace, Batch batch) {
        workspace.release();
        try (var step = workspace.enter()) {
            Losses.crossEntropy(model.apply(batch.x()), batch.y()).backward();
            optimizer.step();
            optimizer.zeroGrad();
        }
    }
}
