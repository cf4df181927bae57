package io.miniai.data;

import io.miniai.data.image.ImageFormat;
import java.util.List;

/** Images in one array. */
final class MemoryImages implements ImageDataset, ImageDataset.PixelReader {
    private final ImageFormat format;
    private final byte[] pixels;
    private final int[] labels;
    private final List<String> classNames;

    MemoryImages(ImageFormat format, byte[] pixels, int[] labels, List<String> classNames) {
        if (pixels.length != (long) labels.length * format.bytes()) {
            throw new IllegalArgumentException("pixels: expected " + labels.length + " images of " + format.bytes()
                    + " bytes for as many labels, got " + pixels.length + " bytes");
        }
        this.format = format;
        this.pixels = pixels;
        this.labels = labels.clone();
        this.classNames = List.copyOf(classNames);
        for (int label : labels) {
            if (label < 0 || label >= classNames.size()) {
                throw new IllegalArgumentException(
                        "label: expected 0 to " + (classNames.size() - 1) + ", got " + label + ". Name every class.");
            }
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public ImageFormat format() {
        return format;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public String name(int index) {
        return "image " + index;
    }

    @Override
    public StoredImage stored(int index) {
        return new StoredImage(pixels, index * format.bytes());
    }

    @Override
    public PixelReader open() {
        return this;
    }

    @Override
    public void read(int index, byte[] into, int offset) {
        System.arraycopy(pixels, index * format.bytes(), into, offset, format.bytes());
    }

    @Override
    public void close() {
        // nothing to close
    }
}
