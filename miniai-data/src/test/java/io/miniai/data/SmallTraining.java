package io.miniai.data;

import static io.miniai.nn.Layers.conv;

import io.miniai.callback.MetricsCB;
import io.miniai.data.image.ImageFormat;
import io.miniai.learn.Callback;
import io.miniai.learn.EpochRecord;
import io.miniai.learn.Learner;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Dropout;
import io.miniai.nn.Flatten;
import io.miniai.nn.Init;
import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.nn.Module;
import io.miniai.nn.Sequential;
import io.miniai.optim.SGD;
import io.miniai.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A training with everything random in it: order of samples, transform, dropout; 256 images of 12×12 pixels. */
final class SmallTraining implements AutoCloseable {
    private final DataLoaders dls;
    private final Learner learn;

    // The seed is that of the first weights, which a resumed fit must not depend on.
    SmallTraining(long seed, int workers, int batchSize, Callback... callbacks) {
        dls = DataLoaders.of(images(1, 256), images(2, 64))
                .batchSize(batchSize)
                .workers(workers)
                .seed(3)
                .transform(SmallTraining::flipAtRandom)
                .build();
        Init.seed(seed);
        Module model = Sequential.of(conv(1, 4), conv(4, 8), new Flatten(), new Dropout(0.2), new Linear(72, 3));
        learn = Learner.of(model, dls)
                .loss(Losses::crossEntropy)
                .optimizer((p, lr) -> new SGD(p, lr).momentum(0.9))
                .with(new MetricsCB(new Accuracy()).printTo(line -> {}))
                .with(callbacks);
    }

    static Sample flipAtRandom(Sample image, Rng rng) {
        if (rng.nextInt(2) == 0) {
            return image;
        }
        byte[] pixels = image.pixels();
        byte[] flipped = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            flipped[i] = pixels[pixels.length - 1 - i];
        }
        return new Sample(image.format(), flipped, image.label());
    }

    private static ImageDataset images(long seed, int n) {
        Rng rng = Rng.of(seed);
        byte[] pixels = new byte[144 * n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = rng.nextInt(3);
            for (int p = 0; p < 144; p++) {
                pixels[144 * i + p] = (byte) (rng.nextInt(156) + 50 * (p % (labels[i] + 2) == 0 ? 1 : 0));
            }
        }
        return ImageDataset.of(new ImageFormat(1, 12, 12), pixels, labels, List.of("a", "b", "c"));
    }

    Learner learn() {
        return learn;
    }

    /** Weights and figures, to the bit. */
    List<String> outcome() {
        List<String> outcome = new ArrayList<>();
        learn.model().state().forEach((name, t) -> {
            float[] values = t.toFloatArray();
            int[] bits = new int[values.length];
            Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
            outcome.add(name + " " + Arrays.toString(bits));
        });
        for (EpochRecord e : learn.history()) {
            outcome.add(e.epoch() + " " + e.trainLoss() + " " + e.validLoss() + e.trainMetrics() + e.validMetrics());
        }
        return outcome;
    }

    @Override
    public void close() {
        dls.close();
    }
}
