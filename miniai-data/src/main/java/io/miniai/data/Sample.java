package io.miniai.data;

import io.miniai.data.image.ImageFormat;
import io.miniai.tensor.Tensor;
import java.util.Objects;

/** An image with its label: pixels as bytes {@code [C, H, W]}, 0 (black) to 255, and the number of its class. */
public final class Sample {
    private final ImageFormat format;
    private final byte[] pixels;
    private final int label;

    /**
     * Wraps pixels; the array is not copied.
     *
     * @param format channels, height and width
     * @param pixels channels × height × width bytes, unsigned
     * @param label number of the class, from 0
     */
    public Sample(ImageFormat format, byte[] pixels, int label) {
        if (pixels.length != format.bytes()) {
            throw new IllegalArgumentException(
                    "pixels: expected " + format.bytes() + " bytes for " + format + ", got " + pixels.length);
        }
        if (label < 0) {
            throw new IllegalArgumentException("label: expected at least 0, got " + label);
        }
        this.format = format;
        this.pixels = pixels;
        this.label = label;
    }

    /** Channels, height and width. */
    public ImageFormat format() {
        return format;
    }

    /** The pixels themselves, {@code [C, H, W]}, unsigned; not to be changed. */
    public byte[] pixels() {
        return pixels;
    }

    /** The number of the class, from 0. */
    public int label() {
        return label;
    }

    /**
     * One pixel, 0 to 255.
     *
     * @throws IndexOutOfBoundsException if it lies outside of the image
     */
    public int pixel(int channel, int row, int column) {
        Objects.checkIndex(channel, format.channels());
        Objects.checkIndex(row, format.height());
        Objects.checkIndex(column, format.width());
        return pixels[(channel * format.height() + row) * format.width() + column] & 0xff;
    }

    /** The image as floats in 0..1, {@code [C, H, W]}. */
    public Tensor image() {
        return PixelScale.unit(format.channels())
                .tensor(new byte[][] {pixels}, format)
                .reshape(format.channels(), format.height(), format.width());
    }
}
