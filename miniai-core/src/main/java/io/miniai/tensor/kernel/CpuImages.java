package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Average pooling and upsampling of float32 images, whose channels and images do not meet. Channels-last images are
 * worked on as {@code [n, h, w, c]}, batch-last ones as {@code c} images of {@code n} channels, and row-major ones as
 * {@code n·c} images of one channel, so that one loop serves all.
 */
final class CpuImages {
    private static final int GRAIN = 32 * 1024;

    /** An image stack with the channels innermost. */
    record Planes(int n, int h, int w, int c) {
        static Planes of(Array a) {
            return switch (a.order()) {
                case CHANNELS_LAST -> new Planes(a.size(0), a.size(2), a.size(3), a.size(1));
                case BATCH_LAST -> new Planes(a.size(1), a.size(2), a.size(3), a.size(0));
                case ROW_MAJOR -> new Planes(a.size(0) * a.size(1), a.size(2), a.size(3), 1);
            };
        }

        int size() {
            return h * w * c;
        }

        int grain() {
            return Math.max(1, GRAIN / size());
        }
    }

    /** The part of one window that lies inside the image: first and last kernel row and column. */
    private static final class Inside {
        private final Geometry g;
        int y;
        int x;
        int fromY;
        int toY;
        int fromX;
        int toX;

        Inside(Geometry g) {
            this.g = g;
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

    static void avgPool(Array x, Geometry g, Array out) {
        Planes in = Planes.of(x);
        int outSize = Planes.of(out).size();
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        Workers.shared().run(in.n, in.grain(), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] image = s.floats(0, in.size());
            float[] result = s.floats(1, outSize);
            for (int n = first; n < end; n++) {
                from.get(n * in.size(), image, 0, in.size());
                meanOf(image, in, g, result);
                to.put(n * outSize, result, 0, outSize);
            }
        });
    }

    private static void meanOf(float[] image, Planes in, Geometry g, float[] result) {
        Inside i = new Inside(g);
        float share = 1f / (g.kernelH() * g.kernelW());
        int at = 0;
        for (int oy = 0; oy < g.outH(); oy++) {
            i.row(oy);
            for (int ox = 0; ox < g.outW(); ox++, at += in.c) {
                i.column(ox);
                Arrays.fill(result, at, at + in.c, 0f);
                for (int ky = i.fromY; ky < i.toY; ky++) {
                    for (int kx = i.fromX; kx < i.toX; kx++) {
                        int p = pixel(i, g, in, ky, kx);
                        for (int c = 0; c < in.c; c++) {
                            result[at + c] += share * image[p + c];
                        }
                    }
                }
            }
        }
    }

    private static int pixel(Inside i, Geometry g, Planes in, int ky, int kx) {
        return ((i.y + ky * g.dilationH()) * in.w + i.x + kx * g.dilationW()) * in.c;
    }

    static void avgPoolGrad(Array dy, Geometry g, Array dx) {
        Planes in = Planes.of(dx);
        int outSize = Planes.of(dy).size();
        FloatBuffer from = CpuMemory.floats(dy);
        FloatBuffer to = CpuMemory.floats(dx);
        Workers.shared().run(in.n, in.grain(), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] gradient = s.floats(0, outSize);
            float[] result = s.floats(1, in.size());
            for (int n = first; n < end; n++) {
                from.get(n * outSize, gradient, 0, outSize);
                Arrays.fill(result, 0, in.size(), 0f);
                shareOut(gradient, in, g, result);
                to.put(n * in.size(), result, 0, in.size());
            }
        });
    }

    private static void shareOut(float[] gradient, Planes in, Geometry g, float[] result) {
        Inside i = new Inside(g);
        float share = 1f / (g.kernelH() * g.kernelW());
        int at = 0;
        for (int oy = 0; oy < g.outH(); oy++) {
            i.row(oy);
            for (int ox = 0; ox < g.outW(); ox++, at += in.c) {
                i.column(ox);
                for (int ky = i.fromY; ky < i.toY; ky++) {
                    for (int kx = i.fromX; kx < i.toX; kx++) {
                        int p = pixel(i, g, in, ky, kx);
                        for (int c = 0; c < in.c; c++) {
                            result[p + c] += share * gradient[at + c];
                        }
                    }
                }
            }
        }
    }

    static void upsample(Array x, int scale, Array out) {
        Planes in = Planes.of(x);
        int rowLength = in.w * in.c;
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        Workers.shared().run(in.n, in.grain(), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] row = s.floats(0, rowLength);
            float[] wide = s.floats(1, rowLength * scale);
            for (int r = first * in.h; r < end * in.h; r++) {
                from.get(r * rowLength, row, 0, rowLength);
                stretch(row, in, scale, wide);
                for (int i = 0; i < scale; i++) {
                    to.put((r * scale + i) * rowLength * scale, wide, 0, rowLength * scale);
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
                    from.get((r * scale + i) * rowLength * scale, wide, 0, rowLength * scale);
                    addBlocks(wide, in, scale, sum);
                }
                to.put(r * rowLength, sum, 0, rowLength);
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
