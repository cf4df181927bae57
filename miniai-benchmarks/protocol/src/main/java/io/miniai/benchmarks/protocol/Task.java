package io.miniai.benchmarks.protocol;

import java.util.SplittableRandom;

/**
 * A model with a batch size, and the numbers it starts from: random, and the same for every contestant.
 *
 * @param batch images in a batch
 */
public record Task(Model model, int batch) {
    /** Of plain SGD; small, since the same batch comes again and again. */
    public static final double LEARNING_RATE = 0.01;

    private static final int CLASSES = 10;

    /** How many numbers a batch of images holds. */
    public int pixels() {
        return batch * model.imageSize() * model.imageSize();
    }

    /** The images {@code [batch, 1, size, size]}, row-major, each pixel in [0, 1). */
    public float[] images() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[pixels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        return values;
    }

    /** The labels {@code [batch]}, 0 to 9. */
    public long[] labels() {
        SplittableRandom random = new SplittableRandom(2);
        long[] values = new long[batch];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(CLASSES);
        }
        return values;
    }

    /**
     * The start of a parameter: uniform within ±1/√fan-in, as PyTorch does it.
     *
     * @param index its place among the model's parameters: weight, bias, weight, bias, …
     * @param count how many numbers it holds; in the order of PyTorch's shapes {@code [out, in, kH, kW]}, {@code [out, in]}
     * @param fanIn how many inputs an output of its layer has
     */
    public static float[] parameter(int index, long count, long fanIn) {
        SplittableRandom random = new SplittableRandom(100 + index);
        double bound = 1 / Math.sqrt((double) fanIn);
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return values;
    }
}
