package io.miniai.data;

import io.miniai.data.image.ImageFormat;
import io.miniai.learn.Batch;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images of one size with their labels, decoded at every access. Safe for reading by several threads at once. */
public interface ImageDataset extends Dataset<Sample> {
    /** The size of every image. */
    ImageFormat format();

    /** The names of the classes by label. */
    List<String> classNames();

    /** The label of a sample, known without decoding it. */
    int label(int index);

    /** Where a sample comes from, for messages: the path of its file. */
    String name(int index);

    /** Where an image lies in memory, or null if it has to be read. */
    default @Nullable StoredImage stored(int index) {
        return null;
    }

    /**
     * An image in memory, which nobody changes.
     *
     * @param array in which the pixels lie, {@code [C, H, W]}
     * @param start where the first of them is
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record StoredImage(byte[] array, int start) {}

    /**
     * Opens what reading takes. An image must be the same each time: loaders keep it ({@link DataLoaderBuilder}), and
     * what draws at random belongs into a {@link ImageTransform}.
     */
    PixelReader open();

    /** Reads images one by one; for one thread. Nothing stays open when it is closed. */
    interface PixelReader extends AutoCloseable {
        /**
         * Decodes one image.
         *
         * @param index number of the sample
         * @param into receives the pixels, {@code [C, H, W]}
         * @param offset where the first of them goes
         * @throws io.miniai.data.fault.DataException if the image cannot be read
         */
        void read(int index, byte[] into, int offset);

        @Override
        void close();
    }

    @Override
    default Sample get(int index) {
        Selection.checkIndex(index, size());
        byte[] pixels = new byte[format().bytes()];
        try (PixelReader reader = open()) {
            reader.read(index, pixels, 0);
        }
        return new Sample(format(), pixels, label(index));
    }

    /** The samples from one number up to, but not including, another as one batch: x {@code [N, C, H, W]} in 0..1. */
    default Batch batch(int from, int to) {
        int[] samples = Selection.range(from, to, size());
        ImageFormat f = format();
        byte[][] pixels = new byte[samples.length][f.bytes()];
        long[] labels = new long[samples.length];
        try (PixelReader reader = open()) {
            for (int i = 0; i < samples.length; i++) {
                reader.read(samples[i], pixels[i], 0);
                labels[i] = label(samples[i]);
            }
        }
        return new Batch(PixelScale.unit(f.channels()).tensor(pixels, f), Tensor.of(labels, samples.length));
    }

    @Override
    default ImageDataset select(int... indices) {
        return new SelectedImages(this, Selection.checked(indices, size()));
    }

    @Override
    default ImageDataset shuffled(long seed) {
        return select(Rng.of(seed).permutation(size()));
    }

    @Override
    default ImageDataset subset(int from, int to) {
        return new SelectedImages(this, Selection.range(from, to, size()));
    }

    @Override
    default List<ImageDataset> split(int... sizes) {
        Selection.checkSizes(sizes, size());
        List<ImageDataset> parts = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            parts.add(subset(from, from + size));
            from += size;
        }
        return parts;
    }

    /**
     * Images that are in memory already.
     *
     * @param format the size of each
     * @param pixels all of them, {@code [N, C, H, W]}; not copied
     * @param labels the class of each, 0 … classes − 1
     * @param classNames the names of the classes
     */
    static ImageDataset of(ImageFormat format, byte[] pixels, int[] labels, List<String> classNames) {
        return new MemoryImages(format, pixels, labels, classNames);
    }
}
