package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Images in any memory order for operations in which neither channels nor images meet: a stack with the channels innermost.
 * Channels-last images are {@code [n, h, w, c]}, batch-last ones {@code c} images of {@code n} channels, and row-major ones
 * {@code n·c} images of one channel, so that one loop serves all.
 *
 * @param woven whether the pixels of one image lie between those of the others, {@code [h, w, n, c]}
 */
record Planes(int n, int h, int w, int c, boolean woven) {
    private static final int GRAIN = 32 * 1024;

    static Planes of(Array a) {
        return switch (a.order()) {
            case CHANNELS_LAST -> new Planes(a.size(0), a.size(2), a.size(3), a.size(1), false);
            case BATCH_LAST -> new Planes(a.size(1), a.size(2), a.size(3), a.size(0), a.size(1) > 1);
            case ROW_MAJOR -> new Planes(a.size(0) * a.size(1), a.size(2), a.size(3), 1, false);
        };
    }

    /** The same with neighbouring channels of woven images as one, as long as a pixel has no more than so many numbers. */
    Planes joined(int most) {
        int channels = 1;
        for (int i = 2; woven && i <= Math.min(n, most / c); i++) {
            channels = n % i == 0 ? i : channels;
        }
        return new Planes(n / channels, h, w, c * channels, n > channels && woven);
    }

    int size() {
        return h * w * c;
    }

    int grain() {
        return Math.max(1, GRAIN / size());
    }

    /** Pixels of an image, from pixel {@code first} on. */
    void read(FloatBuffer from, int image, int first, int pixels, float[] to) {
        for (int i = 0; i < pieces(pixels); i++) {
            from.get(at(image, first + i), to, i * c, pixels / pieces(pixels) * c);
        }
    }

    void read(IntBuffer from, int image, int first, int pixels, int[] to) {
        for (int i = 0; i < pieces(pixels); i++) {
            from.get(at(image, first + i), to, i * c, pixels / pieces(pixels) * c);
        }
    }

    void write(float[] from, FloatBuffer to, int image, int first, int pixels) {
        for (int i = 0; i < pieces(pixels); i++) {
            to.put(at(image, first + i), from, i * c, pixels / pieces(pixels) * c);
        }
    }

    void write(int[] from, IntBuffer to, int image, int first, int pixels) {
        for (int i = 0; i < pieces(pixels); i++) {
            to.put(at(image, first + i), from, i * c, pixels / pieces(pixels) * c);
        }
    }

    private int pieces(int pixels) {
        return woven ? pixels : 1;
    }

    private int at(int image, int pixel) {
        return (woven ? pixel * n + image : image * h * w + pixel) * c;
    }
}
