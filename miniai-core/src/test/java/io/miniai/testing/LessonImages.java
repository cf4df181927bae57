package io.miniai.testing;

import io.miniai.tensor.DType;
import io.miniai.tensor.Tensor;

/** The first 640 images of Fashion-MNIST, in batches that start over after the last. */
public final class LessonImages {
    private static final int COUNT = 640;
    private static final int PIXELS = 28 * 28;
    private static final int PIXELS_AT = 16;
    private static final int LABELS_AT = 8;

    private final byte[] pixels = Fixtures.resource("fashion-mnist-640-images-idx3-ubyte");
    private final byte[] labels = Fixtures.resource("fashion-mnist-640-labels-idx1-ubyte");

    /** Pixels in 0..1, {@code [size, 1, 28, 28]}. */
    public Tensor batch(int number, int size, DType type) {
        double[] values = new double[size * PIXELS];
        int from = PIXELS_AT + number * size % COUNT * PIXELS;
        for (int i = 0; i < values.length; i++) {
            values[i] = (pixels[from + i] & 0xff) / 255f;
        }
        return new Numbers(values, new int[] {size, 1, 28, 28}, false).toTensor(type);
    }

    /** Their classes, {@code [size]}. */
    public Tensor labels(int number, int size) {
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
            values[i] = labels[LABELS_AT + number * size % COUNT + i];
        }
        return Tensor.of(values, size);
    }
}
