package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Upsampling of float32 images, whose channels and images do not meet. Channels-last images are worked on as {@code
 * [n, h, w, c]}, batch-last ones as {@code c} images of {@code n} channels, and row-major ones as {@code n·c} images of
 * one channel, so that one loop serves all.
 */
final class CpuImages {
    private static final int GRAIN = 32 * 1024;

    /**
     * An image stack with the channels innermost.
     *
     * @param woven whether the pixels of one image lie between those of the others, {@code [h, w, n, c]}
     */
    record Planes(int n, int h, int w, int c, boolean woven) {
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

    /** The part of one window that lies inside the image: first and last kernel row and column. */
    static final class Inside {
        private final Geometry g;
        private int y;
        private int x;
        int fromY;
        int toY;
        int fromX;
        int toX;

        Inside(Geometry g) {
            this.g = g;
        }

        /** The pixel under the first column inside the image. */
        int pixel(int kernelRow) {
            return pixel(kernelRow, fromX);
        }

        int pixel(int kernelRow, int kernelColumn) {
            return (y + kernelRow * g.dilationH()) * g.w() + x + kernelColumn * g.dilationW();
        }

        void row(int outY) {
            y = outY * g.strideH() - g.padH();
            fromY = first(y, g.dilationH());
            toY = end(y, g.dilationH(), g.kernelH(), g.h());
        }

        void column(int outX) {
            x = outX * g.strideW() - g.padW();
            fromX = first(x, g.dilationW());
            toX = end(x, g.dilationW(), g.kernelW(), g.w());
        }

        private static int first(int at, int dilation) {
            return at >= 0 ? 0 : (-at + dilation - 1) / dilation;
        }

        private static int end(int at, int dilation, int kernel, int size) {
            return Math.min(kernel, (size - 1 - at) / dilation + 1);
        }
    }

    private CpuImages() {}

    static void upsample(Array x, int scale, Array out) {
        Planes in = Planes.of(x);
        Planes results = Planes.of(out);
        int rowLength = in.w * in.c;
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        Workers.shared().run(in.n, in.grain(), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] row = s.floats(0, rowLength);
            float[] wide = s.floats(1, rowLength * scale);
            for (int r = first * in.h; r < end * in.h; r++) {
                in.read(from, r / in.h, r % in.h * in.w, in.w, row);
                stretch(row, in, scale, wide);
                for (int i = 0; i < scale; i++) {
                    int at = (r % in.h * scale + i) * in.w * scale;
                    results.write(wide, to, r / in.h, at, in.w * scale);
                }
            }
        });
    }

    private static void stretch(float[] row, Planes in, int scale, float[] wide) {
        int at = 0;
        for (int x = 0; x < in.w; x++) {
            for (int i = 0; i < scale; i++) {
                for (int c = 0; c < in.c; c++) {
                    wide[at++] = row[x * in.c + c];
                }
            }
        }
    }

    static void upsampleGrad(Array dy, int scale, Array dx) {
        Planes in = Planes.of(dx);
        Planes gradients = Planes.of(dy);
        int rowLength = in.w * in.c;
        FloatBuffer from = CpuMemory.floats(dy);
        FloatBuffer to = CpuMemory.floats(dx);
        Workers.shared().run(in.n, in.grain(), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] sum = s.floats(0, rowLength);
            float[] wide = s.floats(1, rowLength * scale);
            for (int r = first * in.h; r < end * in.h; r++) {
                Arrays.fill(sum, 0, rowLength, 0f);
                for (int i = 0; i < scale; i++) {
                    int at = (r % in.h * scale + i) * in.w * scale;
                    gradients.read(from, r / in.h, at, in.w * scale, wide);
                    addBlocks(wide, in, scale, sum);
                }
                in.write(sum, to, r / in.h, r % in.h * in.w, in.w);
            }
        });
    }

    private static void addBlocks(float[] wide, Planes in, int scale, float[] sum) {
        int at = 0;
        for (int x = 0; x < in.w; x++) {
            for (int i = 0; i < scale; i++) {
                for (int c = 0; c < in.c; c++) {
                    sum[x * in.c + c] += wide[at++];
                }
            }
        }
    }
}
