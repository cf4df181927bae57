package io.miniai.benchmarks.miniai.whole;

import io.miniai.data.ImageDataset;
import io.miniai.data.image.ImageFormat;
import io.miniai.learn.Batch;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** Images that exist only when they are asked for, so that their number is not bounded by memory. */
final class Synthetic implements ImageDataset {
    private static final ImageFormat FORMAT = new ImageFormat(1, 28, 28);
    private static final int CLASSES = 10;

    private final int size;

    Synthetic(int size) {
        this.size = size;
    }

    /** Random square images with labels. */
    static Batch images(int batch, int pixels) {
        long[] labels = new long[batch];
        for (int i = 0; i < batch; i++) {
            labels[i] = i % CLASSES;
        }
        return new Batch(Tensor.rand(Rng.of(1), batch, 1, pixels, pixels), Tensor.of(labels, batch));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public ImageFormat format() {
        return FORMAT;
    }

    @Override
    public List<String> classNames() {
        return IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    }

    @Override
    public int label(int index) {
        return index % CLASSES;
    }

    @Override
    public String name(int index) {
        return "image " + index;
    }

    @Override
    public PixelReader open() {
        return new PixelReader() {
            @Override
            public void read(int index, byte[] into, int offset) {
                for (int i = 0; i < FORMAT.bytes(); i++) {
                    into[offset + i] = (byte) (index + i);
                }
            }

            @Override
            public void close() {}
        };
    }
}
