package io.miniai.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a dataset: images to train on, and images to validate or test on. */
public final class DatasetDict {
    private final ImageDataset train;
    private final @Nullable ImageDataset valid;
    private final @Nullable ImageDataset test;

    /**
     * Puts the parts together.
     *
     * @throws IllegalArgumentException if they differ in image size or classes
     */
    public DatasetDict(ImageDataset train, @Nullable ImageDataset valid, @Nullable ImageDataset test) {
        checkSame("valid", train, valid);
        checkSame("test", train, test);
        this.train = train;
        this.valid = valid;
        this.test = test;
    }

    private static void checkSame(String part, ImageDataset train, @Nullable ImageDataset other) {
        if (other == null) {
            return;
        }
        if (!other.format().equals(train.format())) {
            throw new IllegalArgumentException(
                    part + ": expected images of " + train.format() + " like those to train on, got " + other.format());
        }
        if (!other.classNames().equals(train.classNames())) {
            throw new IllegalArgumentException(part + ": expected the classes " + train.classNames()
                    + " like those to train on, got " + other.classNames());
        }
    }

    /** The images to train on. */
    public ImageDataset train() {
        return train;
    }

    /** Whether there are images to validate on. */
    public boolean hasValid() {
        return valid != null || test != null;
    }

    /**
     * The images to measure progress on: the validation part, or the test part where there is no other.
     *
     * @throws IllegalStateException if there is neither
     */
    public ImageDataset valid() {
        return valid != null ? valid : test();
    }

    /**
     * The images to judge the finished model by.
     *
     * @throws IllegalStateException if there are none
     */
    public ImageDataset test() {
        if (test == null) {
            throw new IllegalStateException(
                    "the dataset has no test images. Add a folder 'test', or use split(train, valid).");
        }
        return test;
    }

    /** The names of the classes by label. */
    public List<String> classNames() {
        return train.classNames();
    }

    /**
     * Takes the last images of the training part for validation, as in {@code mnist.split(50_000, 10_000)}; the
     * test part stays. Where images are sorted by class, {@link #split(int, int, long)} gives each part some of all.
     *
     * @throws IllegalArgumentException if the numbers do not add up to the size of the training part
     */
    public DatasetDict split(int trainSize, int validSize) {
        return parts(train, trainSize, validSize);
    }

    /**
     * The same with images that only the seed decides.
     *
     * @throws IllegalArgumentException if the numbers do not add up to the size of the training part
     */
    public DatasetDict split(int trainSize, int validSize, long seed) {
        return parts(train.shuffled(seed), trainSize, validSize);
    }

    private DatasetDict parts(ImageDataset images, int trainSize, int validSize) {
        List<ImageDataset> parts = images.split(trainSize, validSize);
        return new DatasetDict(parts.get(0), parts.get(1), test);
    }

    @Override
    public String toString() {
        return "train " + train.size() + (valid == null ? "" : ", valid " + valid.size())
                + (test == null ? "" : ", test " + test.size()) + " images of " + train.format() + ", "
                + classNames().size() + " classes";
    }
}
