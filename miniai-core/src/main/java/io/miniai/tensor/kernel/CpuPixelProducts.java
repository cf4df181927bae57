package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Convolutions by small matrix products, one pixel at a time, for processors with AVX-512.
 *
 * <p>What a row of the kernel sees of the images is a matrix that lies in memory as it is: {@code kW·c} rows of
 * {@code n} numbers. So the outputs of a pixel are a sum of {@code kH} products, and so are both gradients: nothing is
 * unfolded or copied, and no weight is multiplied with a border. OpenBLAS multiplies matrices of up to a million
 * multiply-adds where they lie if the processor has AVX-512; on others it would copy each of them first.
 */
final class CpuPixelProducts extends CpuBatchLast {
    /** Images in a product: its matrices stay in the second-level cache. */
    private static final int IMAGES = 1024;

    /** Pixels of a row whose images are no more than this are one piece of work: small enough to be shared well. */
    private static final int PIECE = 256;

    /** Numbers that pass through a Java array at a time: they stay in the first-level cache. */
    private static final int NEAR = 2048;

    /** Sums of more floats than this are kept once for each thread instead of for each part of the work. */
    private static final int LARGE_SUM = 8 * 1024;

    @Override
    boolean pays(Geometry g, int outputs) {
        return g.n() >= LEAST_IMAGES && g.dilationW() == 1;
    }

    @Override
    void forward(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        if (g.upsample() == 1) {
            forward(x, CpuConvolution.pack(weight, bias, g), g, g, bias != null, relu, out);
        } else {
            Geometry coarse = CpuSubpixel.coarse(g);
            forward(x, CpuSubpixel.packCoarse(weight, bias, g, coarse), g, coarse, bias != null, relu, out);
        }
    }

    /**
     * A convolution with its weights packed as {@code [outputs, kH·kW·c + 1]}. Behind upsampling the outputs of a coarse
     * pixel are those of the fine pixels over it, row by row: in each row they lie side by side.
     *
     * @param window over the images in memory; {@code g} itself without upsampling
     */
    private static void forward(
            Array x, Array packed, Geometry g, Geometry window, boolean bias, boolean relu, Array out) {
        int scale = g.upsample();
        int outputs = packed.size(0) / scale;
        int width = packed.size(1);
        float[] shift = Scratch.get().floats(3, outputs);
        for (int o = 0; o < outputs; o++) {
            shift[o] = CpuMemory.floats(packed).get(o * width + width - 1);
        }
        FloatBuffer to = CpuMemory.floats(out);
        Tiles tiles = Tiles.of(g.n(), window.outH(), window.outW(), window.patch(), outputs * scale, IMAGES, PIECE);
        tiles.run((part, from, end) -> {
            Scratch s = Scratch.get();
            Inside inside = new Inside(window);
            Tile tile = new Tile(tiles);
            for (int item = from * scale; item < end * scale; item++) {
                tile.moveTo(item / scale);
                int fineRow = item % scale;
                inside.row(tile.row);
                int fromY = Math.max(inside.fromY, Math.floorDiv(fineRow - g.padH(), scale) + window.padH());
                int last = Math.floorDiv(fineRow + g.kernelH() - 1 - g.padH(), scale) + window.padH();
                int toY = Math.min(inside.toY, last + 1);
                int pixel = (tile.row * scale + fineRow) * window.outW() + tile.column;
                for (int i = 0; i < tile.columns; i++) {
                    inside.column(tile.column + i);
                    int at = tile.at(pixel + i, outputs, 0);
                    float beta = 0;
                    for (int ky = fromY; ky < toY && inside.fromX < inside.toX; ky++) {
                        int tap = (ky * window.kernelW() + inside.fromX) * window.c();
                        Gemm.run(
                                s,
                                false,
                                false,
                                outputs,
                                tile.images,
                                (inside.toX - inside.fromX) * window.c(),
                                address(packed, fineRow * outputs * width + tap),
                                width,
                                address(x, tile.at(inside.pixel(ky), window.c(), 0)),
                                g.n(),
                                beta,
                                address(out, at),
                                g.n());
                        beta = 1;
                    }
                    if (beta == 0) {
                        zero(to, tile, at, outputs, s);
                    }
                }
                if (bias || relu) {
                    activate(to, tile, tile.at(pixel, outputs, 0), g.n(), outputs, bias ? shift : null, relu, s);
                }
            }
        });
    }

    /** Adds the bias and applies the ReLU to the outputs of a tile, some rows at a time. */
    private static void activate(
            FloatBuffer out,
            Tile tile,
            int at,
            int batch,
            int outputs,
            float @Nullable [] bias,
            boolean relu,
            Scratch s) {
        int rows = tile.columns * outputs;
        int some = Math.max(1, NEAR / tile.images);
        float[] y = s.floats(0, some * tile.images);
        for (int row = 0; row < rows; row += some) {
            int count = Math.min(some, rows - row);
            tile.read(out, at + row * batch, 1, count, y, 0);
            for (int i = 0; bias != null && i < count; i++) {
                add(bias[(row + i) % outputs], y, i * tile.images, (i + 1) * tile.images);
            }
            if (relu) {
                relu(y, count * tile.images);
            }
            tile.write(y, out, at + row * batch, 1, count);
        }
    }

    static void add(float value, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] += value;
        }
    }

    private static void zero(FloatBuffer to, Tile tile, int at, int rows, Scratch s) {
        float[] zeros = s.floats(1, rows * tile.images);
        Arrays.fill(zeros, 0, rows * tile.images, 0f);
        tile.write(zeros, to, at, 1, rows);
    }

    @Override
    void backward(
            Array x,
            Array weight,
            Geometry g,
            @Nullable Array reluOutput,
            Array dy,
            @Nullable Array dx,
            @Nullable Array dWeight,
            @Nullable Array dBias) {
        if (g.upsample() == 1) {
            super.backward(x, weight, g, reluOutput, dy, dx, dWeight, dBias);
            return;
        }
        Array gradient = reluOutput == null ? dy : CpuConvolution.masked(dy, reluOutput);
        if (dBias != null) {
            sumPixels(gradient, dBias);
        }
        Geometry fine = CpuSubpixel.fineWindow(g, weight.size(0));
        if (dWeight != null) {
            Array sums = weightGradient(gradient, fine, x, null, null, g.c());
            CpuSubpixel.unpackFine(sums, g, fine, dWeight);
        }
        if (dx != null) {
            forward(gradient, CpuSubpixel.packFine(weight, g, fine), fine, fine, false, false, dx);
        }
    }

    @Override
    Array weightGradient(
            Array x, Geometry g, Array dy, @Nullable Array reluOutput, @Nullable Array masked, int outputs) {
        int patch = g.patch();
        Tiles small = Tiles.of(g.n(), g.outH(), g.outW(), patch, outputs, IMAGES, PIECE);
        Tiles tiles = patch * outputs > LARGE_SUM ? small.inLargeParts() : small;
        Array sums = Array.allocate(DataType.FLOAT, tiles.parts(), patch + 1, outputs);
        CpuMemory.fill(sums, 0);
        tiles.run((part, from, end) -> {
            Scratch s = Scratch.get();
            Inside window = new Inside(g);
            Tile tile = new Tile(tiles);
            Scratch.Tile ones = ones(s, tiles.longest());
            Scratch.Tile copy = reluOutput == null || masked != null ? null : s.tile(1, outputs * tiles.longest());
            long sum = address(sums, part * (patch + 1) * outputs);
            for (int number = from; number < end; number++) {
                tile.moveTo(number);
                window.row(tile.row);
                int at = tile.at(tile.row * g.outW() + tile.column, outputs, 0);
                if (reluOutput != null) {
                    mask(dy, reluOutput, masked, copy, tile, at, tile.columns * outputs);
                }
                long gradient = copy != null ? copy.address : address(masked == null ? dy : masked, at);
                int apart = copy != null ? tile.images : g.n();
                for (int i = 0; i < tile.columns; i++) {
                    window.column(tile.column + i);
                    addPixel(s, x, g, window, tile, gradient, apart, outputs, sum);
                    long biasSum = sum + (long) patch * outputs * Float.BYTES;
                    Gemm.timesVector(s, outputs, tile.images, gradient, apart, ones.address, 1, biasSum);
                    gradient += (long) outputs * apart * Float.BYTES;
                }
            }
        });
        return sums;
    }

    /** Writes the gradient that the ReLU let through for the rows of a tile into {@code masked} or {@code copy}. */
    private static void mask(
            Array dy,
            Array reluOutput,
            @Nullable Array masked,
            Scratch.@Nullable Tile copy,
            Tile tile,
            int at,
            int rows) {
        int some = Math.max(1, NEAR / tile.images);
        for (int row = 0; row < rows; row += some) {
            int count = Math.min(some, rows - row);
            int[] bits = gradient(dy, reluOutput, masked, tile, at + row * tile.batch(), 1, count);
            if (copy != null) {
                copy.ints.put(row * tile.images, bits, 0, count * tile.images);
            }
        }
    }

    /** Adds what one pixel of the output contributes to the gradient of the weight. */
    private static void addPixel(
            Scratch s, Array x, Geometry g, Inside window, Tile tile, long gradient, int apart, int outputs, long sum) {
        int taps = (window.toX - window.fromX) * g.c();
        for (int ky = window.fromY; ky < window.toY && taps > 0; ky++) {
            int tap = (ky * g.kernelW() + window.fromX) * g.c();
            Gemm.run(
                    s,
                    false,
                    true,
                    taps,
                    outputs,
                    tile.images,
                    address(x, tile.at(window.pixel(ky), g.c(), 0)),
                    g.n(),
                    gradient,
                    apart,
                    1,
                    sum + (long) tap * outputs * Float.BYTES,
                    outputs);
        }
    }

    private static void sumPixels(Array gradient, Array sum) {
        int outputs = gradient.size(1);
        int rows = gradient.size(2) * gradient.size(3) * outputs;
        Scratch s = Scratch.get();
        Scratch.Tile sums = s.tile(1, rows);
        long ones = ones(s, gradient.size(0)).address;
        Gemm.timesVector(s, rows, gradient.size(0), address(gradient, 0), gradient.size(0), ones, 0, sums.address);
        float[] all = s.floats(0, rows);
        sums.floats.get(0, all, 0, rows);
        for (int i = outputs; i < rows; i++) {
            all[i % outputs] += all[i];
        }
        CpuMemory.floats(sum).put(0, all, 0, outputs);
    }

    private static Scratch.Tile ones(Scratch s, int length) {
        float[] ones = s.floats(0, length);
        Arrays.fill(ones, 0, length, 1f);
        Scratch.Tile tile = s.tile(0, length);
        tile.floats.put(0, ones, 0, length);
        return tile;
    }

    @Override
    void imageGradient(Array dy, Array weight, Geometry g, Array dx) {
        int outputs = weight.size(0);
        int window = g.kernelH() * g.kernelW();
        Array packed = new Seen(g).packed(weight);
        FloatBuffer to = CpuMemory.floats(dx);
        Tiles tiles =
                Tiles.of(g.n(), g.h(), g.w(), outputs * window / (g.strideH() * g.strideW()), g.c(), IMAGES, PIECE);
        tiles.run((part, from, end) -> {
            Scratch s = Scratch.get();
            Seen seen = new Seen(g);
            Tile tile = new Tile(tiles);
            for (int number = from; number < end; number++) {
                tile.moveTo(number);
                seen.moveToRow(tile.row);
                for (int i = 0; i < tile.columns; i++) {
                    seen.moveToColumn(tile.column + i);
                    int at = tile.at(tile.row * g.w() + tile.column + i, g.c(), 0);
                    float beta = 0;
                    for (int ky = 0; ky < g.kernelH() && seen.columns > 0; ky++) {
                        int outRow = seen.outRow(ky);
                        if (outRow >= 0) {
                            Gemm.run(
                                    s,
                                    false,
                                    false,
                                    g.c(),
                                    tile.images,
                                    seen.columns * outputs,
                                    address(packed, (ky * g.kernelW() + seen.place) * outputs),
                                    window * outputs,
                                    address(dy, tile.at(outRow * g.outW() + seen.column, outputs, 0)),
                                    g.n(),
                                    beta,
                                    address(dx, at),
                                    g.n());
                            beta = 1;
                        }
                    }
                    if (beta == 0) {
                        zero(to, tile, at, g.c(), s);
                    }
                }
            }
        });
    }

    /** The part of one window that lies inside the image: first and last kernel row and column. */
    private static final class Inside {
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
            return (y + kernelRow * g.dilationH()) * g.w() + x + fromX * g.dilationW();
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
            return Math.min(kernel, Math.floorDiv(size - 1 - at, dilation) + 1);
        }
    }

    private static long address(Array a, int index) {
        return CpuMemory.address(a) + (long) index * Float.BYTES;
    }
}
