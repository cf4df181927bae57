package io.miniai.examples;

import io.miniai.data.DatasetDict;
import io.miniai.data.FashionMnist;
import io.miniai.data.Mnist;
import java.nio.file.Path;
import java.util.Locale;

/** The data sets that the examples train on. */
enum KnownDataset {
    MNIST(50_000),
    FASHION_MNIST(60_000);

    private static final int MNIST_VALID = 10_000;

    private final int fullTrain;

    KnownDataset(int fullTrain) {
        this.fullTrain = fullTrain;
    }

    /** As in the lesson, MNIST in full keeps the last 10,000 of its 60,000 images for validation, not its test part. */
    DatasetDict open(Path path) {
        DatasetDict data = this == MNIST ? Mnist.open(path) : FashionMnist.open(path);
        boolean lessonSplit = this == MNIST && data.train().size() == fullTrain + MNIST_VALID;
        return lessonSplit ? data.split(fullTrain, MNIST_VALID) : data;
    }

    /**
     * The epochs that take as many steps on {@code trainSize} images as {@code epochs} do on the full data: a
     * sixth of the images is seen six times as often. Learning rate and batch size can then stay what they are.
     */
    int epochsOn(int trainSize, int epochs) {
        return Math.max(epochs, Math.round((float) epochs * fullTrain / trainSize));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
