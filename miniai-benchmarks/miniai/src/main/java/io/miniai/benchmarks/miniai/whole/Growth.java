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
import java.util.Arrays;

/** How the cost grows with batch, image and number of samples: it should not, by image, pixel and sample. */
public final class Growth {
    private static final int STEPS = 15;

    private Growth() {}

    /** Prints three tables; {@code short} leaves out the million samples. */
    public static void main(String[] args) {
        boolean brief = Arrays.asList(args).contains("short");
        // Twice, since what is compiled for one size is compiled again for the next.
        steps(false);
        steps(true);
        for (int samples = 10_000; samples <= (brief ? 100_000 : 1_000_000); samples *= 10) {
            epoch(samples == 10_000 ? 20_000 : 10_000); // warm
            double seconds = epoch(samples);
            Print.line("%d samples: %.2f s an epoch, %.2f µs a sample", samples, seconds, 1e6 * seconds / samples);
        }
    }

    private static void steps(boolean print) {
        for (int batch = 64; batch <= 4096; batch *= 4) {
            double us = step(Models.cnn(), Synthetic.images(batch, 28));
            if (print) {
                Print.line("batch %d: %.0f µs a step, %.2f µs an image", batch, us, us / batch);
            }
        }
        for (int pixels = 28; pixels <= 224; pixels *= 2) {
            double us = step(pooled(), Synthetic.images(64, pixels));
            if (print) {
                Print.line(
                        "images %d×%d, batch 64: %.0f µs a step, %.2f ns a pixel",
                        pixels, pixels, us, 1e3 * us / 64 / pixels / pixels);
            }
        }
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

    /** The median step in microseconds. */
    private static double step(Module model, Batch batch) {
        Optimizer optimizer = new SGD(model.parameters(), 0.01);
        Workspace workspace = new Workspace();
        long warm = System.nanoTime();
        while (Print.secondsSince(warm) < 1.5) {
            train(model, optimizer, workspace, batch);
        }
        double[] times = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            long start = System.nanoTime();
            train(model, optimizer, workspace, batch);
            times[i] = 1e6 * Print.secondsSince(start);
        }
        workspace.release();
        Arrays.sort(times);
        return times[STEPS / 2];
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
