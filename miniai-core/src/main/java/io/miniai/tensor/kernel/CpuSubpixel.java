package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Convolutions between a coarse grid and one that is finer by a whole factor, computed on the coarse grid.
 *
 * <p>Behind nearest-neighbour upsampling, the {@code s × s} fine pixels over a coarse one see the same few coarse
 * pixels, each with its own sums of weights: one convolution with {@code s·s} times the outputs, whose results
 * then take their places (a pixel shuffle), has a quarter of the columns at {@code s = 2}. The gradient of the
 * images of a convolution with stride s is of the same kind. The gradient of the coarse images behind upsampling
 * is a convolution with stride s over the fine gradient, with the weights summed again.
 *
 * <p>See Shi et al. 2016, "Is the deconvolution layer the same as a convolutional layer?", arXiv 1609.07009.
 */
final class CpuSubpixel {
    /** With more values for each coarse pixel the wasted multiplications cost more than a fold. */
    private static final int MAX_OUTPUTS = 64;

    private CpuSubpixel() {}

    /** Whether {@link #forward} and {@link #backward} can do it. */
    static boolean upsamples(Geometry g) {
        return g.upsample() > 1
                && g.strideH() == 1
                && g.strideW() == 1
                && g.dilationH() == 1
                && g.dilationW() == 1
                && g.padH() < g.kernelH()
                && g.padW() < g.kernelW()
                && g.outH() == g.h()
                && g.outW() == g.w();
    }

    /** Whether {@link #imageGradient} can do it, and well. */
    static boolean downsamples(Geometry g) {
        return g.strideH() > 1
                && g.strideH() == g.strideW()
                && g.kernelH() >= g.strideH()
                && g.kernelW() >= g.strideW()
                && g.dilationH() == 1
                && g.dilationW() == 1
                && g.padH() < g.kernelH()
                && g.padW() < g.kernelW()
                && g.strideH() * g.strideW() * g.c() <= MAX_OUTPUTS;
    }

    static void forward(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        Geometry coarse = coarse(g);
        multiplyAndShuffle(x, packCoarse(weight, bias, g, coarse), coarse, g.upsample(), relu, out);
    }

    /** The window of all coarse pixels that the fine pixels over one see. */
    static Geometry coarse(Geometry g) {
        int s = g.upsample();
        int top = -Math.floorDiv(-g.padH(), s);
        int left = -Math.floorDiv(-g.padW(), s);
        int rows = Math.floorDiv(s - 1 + g.kernelH() - 1 - g.padH(), s) + top + 1;
        int columns = Math.floorDiv(s - 1 + g.kernelW() - 1 - g.padW(), s) + left + 1;
        int h = g.h() / s;
        int w = g.w() / s;
        return new Geometry(g.n(), g.c(), h, w, rows, columns, 1, 1, top, left, 1, 1, h, w);
    }

    /** The weights of all fine pixels over a coarse one, {@code [s·s·o, kH·kW·c + 1]}, with the bias last. */
    static Array packCoarse(Array weight, @Nullable Array bias, Geometry g, Geometry coarse) {
        int s = g.upsample();
        int outputs = weight.size(0);
        Weights w = new Weights(weight, g);
        int width = coarse.patch() + 1;
        float[] packed = zeros(3, s * s * outputs * width);
        for (int ry = 0; ry < s; ry++) {
            for (int rx = 0; rx < s; rx++) {
                for (int ky = 0; ky < g.kernelH(); ky++) {
                    for (int kx = 0; kx < g.kernelW(); kx++) {
                        int y = Math.floorDiv(ry + ky - g.padH(), s) + coarse.padH();
                        int x = Math.floorDiv(rx + kx - g.padW(), s) + coarse.padW();
                        for (int o = 0; o < outputs; o++) {
                            int to = ((ry * s + rx) * outputs + o) * width + (y * coarse.kernelW() + x) * g.c();
                            for (int c = 0; c < g.c(); c++) {
                                packed[to + c] += w.at(o, c, ky, kx);
                            }
                        }
                    }
                }
            }
        }
        if (bias != null) {
            FloatBuffer b = CpuMemory.floats(bias);
            for (int row = 0; row < s * s * outputs; row++) {
                packed[row * width + width - 1] = b.get(row % outputs);
            }
        }
        return upload(packed, s * s * outputs, width);
    }

    static void backward(
            Array x,
            Array weight,
            Geometry g,
            @Nullable Array reluOutput,
            Array dy,
            @Nullable Array dx,
            @Nullable Array dWeight,
            @Nullable Array dBias) {
        Array gradient = reluOutput == null ? dy : CpuConvolution.masked(dy, reluOutput);
        if (dBias != null) {
            CpuReductions.reduce(Reduce.SUM, gradient.inMemoryOrder(), new int[] {0, 1, 2}, dBias);
        }
        if (dx == null && dWeight == null) {
            return;
        }
        Geometry fine = fineWindow(g, weight.size(0));
        int width = fine.patch() + 1;
        Array packed = dx == null ? null : packFine(weight, g, fine);
        int parts = CpuConvolution.parts(fine, g.c());
        Array sums = dWeight == null ? null : Array.allocate(DataType.FLOAT, parts, width, g.c());
        int tileRows = CpuConvolution.tileRows(fine, width);
        CpuColumns.eachTile(gradient, fine, parts, tileRows, (part, s, columns, row, positions, first) -> {
            long at = (long) row * fine.outW() * g.c() * Float.BYTES;
            if (packed != null && dx != null) {
                Gemm.byPacked(s, columns, positions, packed, CpuMemory.address(dx) + at);
            }
            if (sums != null) {
                Gemm.run(
                        s,
                        true,
                        false,
                        width,
                        g.c(),
                        positions,
                        columns.address,
                        width,
                        CpuMemory.address(x) + at,
                        g.c(),
                        first ? 0 : 1,
                        CpuMemory.address(sums) + (long) part * width * g.c() * Float.BYTES,
                        g.c());
            }
        });
        if (sums != null && dWeight != null) {
            unpackFine(sums, g, fine, dWeight);
        }
    }

    /** The window of all fine pixels that see one coarse pixel. */
    static Geometry fineWindow(Geometry g, int outputs) {
        int s = g.upsample();
        return new Geometry(
                g.n(),
                outputs,
                g.outH(),
                g.outW(),
                s + g.kernelH() - 1,
                s + g.kernelW() - 1,
                s,
                s,
                g.kernelH() - 1 - g.padH(),
                g.kernelW() - 1 - g.padW(),
                1,
                1,
                g.h() / s,
                g.w() / s);
    }

    /** What a weight contributes to: for each shift inside a coarse pixel, a place in the fine window. */
    private interface Place {
        void at(int o, int c, int ky, int kx, int pixel);
    }

    private static void eachFine(Geometry g, Geometry fine, Place place) {
        int s = g.upsample();
        for (int ky = 0; ky < g.kernelH(); ky++) {
            for (int kx = 0; kx < g.kernelW(); kx++) {
                for (int ty = 0; ty < s; ty++) {
                    for (int tx = 0; tx < s; tx++) {
                        int y = ty + g.kernelH() - 1 - ky;
                        int x = tx + g.kernelW() - 1 - kx;
                        int pixel = (y * fine.kernelW() + x) * fine.c();
                        for (int o = 0; o < fine.c(); o++) {
                            for (int c = 0; c < g.c(); c++) {
                                place.at(o, c, ky, kx, pixel + o);
                            }
                        }
                    }
                }
            }
        }
    }

    static Array packFine(Array weight, Geometry g, Geometry fine) {
        Weights w = new Weights(weight, g);
        int width = fine.patch() + 1;
        float[] packed = zeros(3, g.c() * width);
        eachFine(g, fine, (o, c, ky, kx, pixel) -> packed[c * width + pixel] += w.at(o, c, ky, kx));
        return upload(packed, g.c(), width);
    }

    static void unpackFine(Array sums, Geometry g, Geometry fine, Array dWeight) {
        float[] sum = CpuConvolution.total(sums);
        int length = CpuElementwise.length(dWeight);
        Weights w = new Weights(g, zeros(2, length));
        eachFine(g, fine, (o, c, ky, kx, pixel) -> w.add(o, c, ky, kx, sum[pixel * g.c() + c]));
        CpuMemory.floats(dWeight).put(0, w.values, 0, length);
    }

    /** The gradient of the images of a convolution with stride s: dx from dy. */
    static void imageGradient(Array dy, Array weight, Geometry g, Array dx) {
        int s = g.strideH();
        int outputs = weight.size(0);
        // Fine row s·i + r meets kernel row ky at coarse row i + d, where s·d = r + pad − ky.
        int top = Math.floorDiv(g.kernelH() - 1 - g.padH(), s);
        int left = Math.floorDiv(g.kernelW() - 1 - g.padW(), s);
        int rows = Math.floorDiv(s - 1 + g.padH(), s) + top + 1;
        int columns = Math.floorDiv(s - 1 + g.padW(), s) + left + 1;
        Geometry coarse = new Geometry(
                g.n(),
                outputs,
                g.outH(),
                g.outW(),
                rows,
                columns,
                1,
                1,
                top,
                left,
                1,
                1,
                (g.h() + s - 1) / s,
                (g.w() + s - 1) / s);
        Weights w = new Weights(weight, g);
        int width = coarse.patch() + 1;
        float[] packed = zeros(3, s * s * g.c() * width);
        for (int ky = 0; ky < g.kernelH(); ky++) {
            int ry = Math.floorMod(ky - g.padH(), s);
            int y = (ry + g.padH() - ky) / s + top;
            for (int kx = 0; kx < g.kernelW(); kx++) {
                int rx = Math.floorMod(kx - g.padW(), s);
                int x = (rx + g.padW() - kx) / s + left;
                for (int c = 0; c < g.c(); c++) {
                    int to = ((ry * s + rx) * g.c() + c) * width + (y * columns + x) * outputs;
                    for (int o = 0; o < outputs; o++) {
                        packed[to + o] = w.at(o, c, ky, kx);
                    }
                }
            }
        }
        multiplyAndShuffle(dy, upload(packed, s * s * g.c(), width), coarse, s, false, dx);
    }

    /** Each position's results, in the order [row, column, channel] of s × s fine pixels, at those pixels of out. */
    private static void multiplyAndShuffle(Array x, Array packed, Geometry g, int scale, boolean relu, Array out) {
        int outputs = packed.size(0);
        FloatBuffer to = CpuMemory.floats(out);
        int tileRows = CpuConvolution.tileRows(g, Math.max(packed.size(1), outputs));
        int parts = CpuConvolution.parts(g, outputs);
        Shuffle shuffle = new Shuffle(scale, g.outH(), g.outW(), outputs / (scale * scale), out.size(2), out.size(3));
        CpuColumns.eachTile(x, g, parts, tileRows, (part, s, columns, row, positions, first) -> {
            int length = positions * outputs;
            Scratch.Tile result = s.tile(2, length);
            Gemm.byPacked(s, columns, positions, packed, result.address);
            float[] values = s.floats(1, length);
            result.floats.get(0, values, 0, length);
            if (relu) {
                CpuBatchLast.relu(values, length);
            }
            shuffle.write(values, row, row + positions / g.outW(), s.floats(3, shuffle.bandLength()), to);
        });
    }

    /** Where the results go: coarse rows of {@code w} positions to scale fine rows each, cut to the fine size. */
    private record Shuffle(int scale, int h, int w, int channels, int fineH, int fineW) {
        int bandLength() {
            return scale * fineW * channels;
        }

        void write(float[] values, int from, int to, float[] band, FloatBuffer out) {
            int piece = scale * channels;
            for (int row = from; row < to; row++) {
                int n = row / h;
                int y = row % h * scale;
                int rows = Math.min(scale, fineH - y);
                for (int r = 0; r < rows; r++) {
                    int at = ((row - from) * w * scale + r) * piece;
                    int target = r * fineW * channels;
                    int end = target + fineW * channels;
                    for (int x = 0; x < w; x++, at += scale * piece, target += piece) {
                        int length = Math.min(piece, end - target);
                        for (int i = 0; i < length; i++) {
                            band[target + i] = values[at + i];
                        }
                    }
                }
                out.put((n * fineH + y) * fineW * channels, band, 0, rows * fineW * channels);
            }
        }
    }

    private static Array upload(float[] packed, int rows, int columns) {
        Array a = Array.allocate(DataType.FLOAT, rows, columns);
        CpuMemory.floats(a).put(0, packed, 0, rows * columns);
        return a;
    }

    private static float[] zeros(int i, int length) {
        float[] values = Scratch.get().floats(i, length);
        Arrays.fill(values, 0, length, 0f);
        return values;
    }

    /** A weight [o, c, kh, kw], read in Java. */
    private static final class Weights {
        final float[] values;
        private final int patch;
        private final int overChannels;
        private final int overRows;

        Weights(Array weight, Geometry g) {
            this(g, Scratch.get().floats(2, CpuElementwise.length(weight)));
            CpuMemory.floats(weight).get(0, values, 0, CpuElementwise.length(weight));
        }

        Weights(Geometry g, float[] values) {
            this.values = values;
            patch = g.patch();
            overRows = g.kernelW();
            overChannels = g.kernelH() * overRows;
        }

        private int index(int o, int c, int ky, int kx) {
            return o * patch + c * overChannels + ky * overRows + kx;
        }

        float at(int o, int c, int ky, int kx) {
            return values[index(o, c, ky, kx)];
        }

        void add(int o, int c, int ky, int kx, float value) {
            values[index(o, c, ky, kx)] += value;
        }
    }
}
