package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Order;

/**
 * Images that are bytes in Java still: they become floats in the memory order in which they are first read, so that a
 * convolution need not reorder them.
 */
final class PendingPixels extends Pending {
    private static final int BYTE_VALUES = 256;

    private final byte[][] images;
    private final int[] starts;
    private final float[][] values;
    private final Shape shape;

    PendingPixels(byte[][] images, int[] starts, float[][] values, int height, int width) {
        this.images = images;
        this.starts = starts;
        this.values = values;
        shape = Shape.of(images.length, values.length, height, width);
        if (starts.length != images.length) {
            throw new ShapeException(
                    "Expected a start for each of %d images; got %d.".formatted(images.length, starts.length));
        }
        long bytes = (long) values.length * height * width;
        for (int i = 0; i < images.length; i++) {
            if (starts[i] < 0 || starts[i] > images[i].length - bytes) {
                throw new ShapeException("Expected %d bytes of image %d from %d on; got an array of %d."
                        .formatted(bytes, i, starts[i], images[i].length));
            }
        }
        for (float[] table : values) {
            if (table.length != BYTE_VALUES) {
                throw new ShapeException("Expected 256 values for each channel; got %d.".formatted(table.length));
            }
        }
    }

    @Override
    Shape shape() {
        return shape;
    }

    @Override
    DType dtype() {
        return DType.FLOAT32;
    }

    @Override
    Array computed(Order wanted) {
        Array out = Array.allocateImage(dtype().nd(), wanted, shape.dims());
        kernels().lookup(images, starts, values, out);
        return out;
    }
}
