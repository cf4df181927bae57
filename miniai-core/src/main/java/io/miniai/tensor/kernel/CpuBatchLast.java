package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Convolutions of few channels on batch-last float32 images {@code [c, h, w, n]}.
 *
 * <p>What a tap of the kernel sees of one pixel row in a block of images is {@code outW·images} numbers, and an output
 * row is a weighted sum of such rows: no matrix product, and no weight is multiplied with a border. BLAS would have to
 * copy every one of them (unfold, then pack) for a handful of multiply-adds each; here each is copied once.
 */
final class CpuBatchLast {
    /** With more of either, BLAS is as fast and {@link CpuConvolution} reads less. */
    private static final int MOST_CHANNELS = 16;

    /** A first layer of more is likely followed by one for BLAS, and its output would have to be copied for that. */
    private static final int FEW_OUTPUTS = 8;

    /** With fewer images the rows are so short that starting a loop costs more than running it. */
    private static final int LEAST_IMAGES = 32;

    /** Numbers in a row of a tile: three taps and the outputs of a tile stay in the first- and second-level cache. */
    private static final int ROW = 2048;

    /** Numbers in the rows of all taps of a tile, where all are needed at once: half of the second-level cache. */
    private static final int ROWS = 96 * 1024;

    /** Fewer multiply-adds than this are not worth waking a worker for. */
    private static final int GRAIN = 200_000;

    /** What copying a number costs, in multiply-adds. */
    private static final int COPYING = 2;

    private CpuBatchLast() {}

    static boolean pays(Geometry g, int outputs) {
        boolean few = outputs <= FEW_OUTPUTS || (outputs <= MOST_CHANNELS && g.c() >= FEW_OUTPUTS);
        return few && g.c() <= MOST_CHANNELS && g.n() >= LEAST_IMAGES && g.upsample() == 1;
    }

    /**
     * Images of {@code rows} rows of {@code width} pixels, cut into tiles: some columns of a row in some images, if
     * possible in all, because the images of a pixel are copied as one piece.
     */
    private record Tiles(int images, int imageBlocks, int width, int columnBlocks, int rows, int parts) {
        static Tiles of(int images, int rows, int width, int taps, int outputs, int row) {
            int imageBlocks = (images + row - 1) / row;
            int columns = Math.max(1, row / images);
            int columnBlocks = (width + columns - 1) / columns;
            if (imageBlocks * columnBlocks * rows < Workers.shared().threads()) {
                imageBlocks = Math.max(1, Math.min(Workers.shared().threads(), images / (LEAST_IMAGES / 2)));
            }
            long tile = (long) images * width / imageBlocks / columnBlocks * taps * (outputs + COPYING);
            int grain = (int) Math.max(1, GRAIN / Math.max(1, tile));
            int parts = Workers.shared().smallParts(imageBlocks * columnBlocks * rows, grain);
            return new Tiles(images, imageBlocks, width, columnBlocks, rows, parts);
        }

        int count() {
            return imageBlocks * columnBlocks * rows;
        }

        int longest() {
            return (images + imageBlocks - 1) / imageBlocks * ((width + columnBlocks - 1) / columnBlocks);
        }
    }

    /** Columns of a row in some images of the batch, which are neighbours in each pixel: one tile after another. */
    private static final class Tile {
        private final Tiles tiles;
        private final int batch;
        private int row;
        private int column;
        private int columns;
        private int first;
        private int images;

        Tile(Tiles tiles) {
            this.tiles = tiles;
            batch = tiles.images();
        }

        void moveTo(int number) {
            row = number % tiles.rows();
            int block = number / tiles.rows();
            int columnBlock = block % tiles.columnBlocks();
            int imageBlock = block / tiles.columnBlocks();
            column = Workers.start(tiles.width(), tiles.columnBlocks(), columnBlock);
            columns = Workers.start(tiles.width(), tiles.columnBlocks(), columnBlock + 1) - column;
            first = Workers.start(batch, tiles.imageBlocks(), imageBlock);
            images = Workers.start(batch, tiles.imageBlocks(), imageBlock + 1) - first;
        }

        int length() {
            return columns * images;
        }

        /** Where the pixels of this tile begin in a row of images of this width. */
        int at(int imageRow, int width) {
            return (imageRow * width + column) * batch + first;
        }

        /** The pixels of this tile, as bits. */
        void read(IntBuffer from, int at, int[] to) {
            int pieces = images == batch ? 1 : columns;
            int piece = length() / pieces;
            for (int i = 0; i < pieces; i++) {
                from.get(at + i * batch, to, i * piece, piece);
            }
        }

        /** The opposite. */
        void write(int[] from, IntBuffer to, int at) {
            int pieces = images == batch ? 1 : columns;
            int piece = length() / pieces;
            for (int i = 0; i < pieces; i++) {
                to.put(at + i * batch, from, i * piece, piece);
            }
        }

        /**
         * Every {@code step}th pixel of an image row from column {@code x} on; zeros where that is outside.
         *
         * @param imageRow which one, counted through the rows of all channels
         */
        void read(FloatBuffer from, int imageRow, int width, int x, int step, int count, float[] to) {
            int start = imageRow * width;
            if (images == batch && step == 1 && x >= 0 && x + count <= width) {
                from.get((start + x) * batch, to, 0, count * images);
                return;
            }
            for (int i = 0; i < count; i++, x += step) {
                if (x < 0 || x >= width) {
                    Arrays.fill(to, i * images, (i + 1) * images, 0f);
                } else {
                    from.get((start + x) * batch + first, to, i * images, images);
                }
            }
        }

        /** The opposite. */
        void write(float[] from, FloatBuffer to, int imageRow, int width, int x, int step, int count) {
            if (images == batch && step == 1) {
                to.put((imageRow * width + x) * batch, from, 0, count * images);
                return;
            }
            int at = imageRow * width + x;
            for (int i = 0; i < count; i++, at += step) {
                to.put(at * batch + first, from, i * images, images);
            }
        }
    }

    static void forward(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        int outputs = weight.size(0);
        int taps = g.patch();
        Scratch caller = Scratch.get();
        float[] w = caller.floats(2, outputs * taps);
        CpuMemory.floats(weight).get(0, w, 0, outputs * taps);
        float[] start = bias == null ? null : caller.floats(3, outputs);
        if (bias != null) {
            CpuMemory.floats(bias).get(0, start, 0, outputs);
        }
        FloatBuffer images = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        Tiles tiles = Tiles.of(g.n(), g.outH(), g.outW(), taps, outputs, ROW);
        Workers.shared().runParts(tiles.count(), tiles.parts(), (part, from, end) -> {
            WeightedRows sums = new WeightedRows(Scratch.get(), w, outputs, taps, tiles.longest());
            Tile tile = new Tile(tiles);
            for (int number = from; number < end; number++) {
                tile.moveTo(number);
                int length = tile.length();
                sums.start(start, length);
                for (int c = 0; c < g.c(); c++) {
                    for (int ky = 0; ky < g.kernelH(); ky++) {
                        int y = tile.row * g.strideH() - g.padH() + ky * g.dilationH();
                        if (y >= 0 && y < g.h()) {
                            for (int kx = 0; kx < g.kernelW(); kx++) {
                                float[] row = sums.next((c * g.kernelH() + ky) * g.kernelW() + kx);
                                int firstX = tile.column * g.strideW() - g.padW() + kx * g.dilationW();
                                tile.read(images, c * g.h() + y, g.w(), firstX, g.strideW(), tile.columns, row);
                            }
                        }
                    }
                }
                sums.finish();
                for (int o = 0; o < outputs; o++) {
                    float[] y = sums.of(o);
                    if (relu) {
                        for (int i = 0; i < length; i++) {
                            y[i] = Math.max(0f, y[i]);
                        }
                    }
                    tile.write(y, to, o * g.outH() + tile.row, g.outW(), tile.column, 1, tile.columns);
                }
            }
        });
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
        Array gradient = dy;
        if (dWeight != null || dBias != null) {
            Array masked = reluOutput == null || dx == null ? null : dy.allocateLike();
            weightGradient(x, g, dy, reluOutput, masked, weight.size(0), dWeight, dBias);
            gradient = masked == null ? dy : masked;
        } else if (reluOutput != null) {
            gradient = CpuConvolution.masked(dy, reluOutput);
        }
        if (dx != null) {
            imageGradient(gradient, weight, g, dx);
        }
    }

    /**
     * The gradient of the images, a row at a time. Of the pixels in a row, those whose column leaves the same remainder
     * when divided by the stride are seen by the same taps: they are one weighted sum.
     */
    private static void imageGradient(Array dy, Array weight, Geometry g, Array dx) {
        int outputs = weight.size(0);
        int window = g.kernelH() * g.kernelW();
        float[] w = transposed(weight, g, Scratch.get());
        int stride = g.strideW();
        int widest = (g.w() + stride - 1) / stride;
        FloatBuffer gradients = CpuMemory.floats(dy);
        FloatBuffer to = CpuMemory.floats(dx);
        Tiles tiles = Tiles.of(g.n(), g.h(), widest, outputs * window / g.strideH(), g.c(), ROW);
        Workers.shared().runParts(tiles.count(), tiles.parts(), (part, from, end) -> {
            WeightedRows sums = new WeightedRows(Scratch.get(), w, g.c(), outputs * window, tiles.longest());
            Tile tile = new Tile(tiles);
            for (int number = from; number < end; number++) {
                tile.moveTo(number);
                int y = tile.row;
                for (int phase = 0; phase < Math.min(stride, g.w()); phase++) {
                    int all = (g.w() - phase + stride - 1) / stride;
                    int columns = Math.min(tile.columns, all - tile.column);
                    sums.start(null, columns * tile.images);
                    for (int ky = 0; ky < g.kernelH(); ky++) {
                        int below = y + g.padH() - ky * g.dilationH();
                        int outY = Math.floorDiv(below, g.strideH());
                        if (Math.floorMod(below, g.strideH()) != 0 || outY < 0 || outY >= g.outH()) {
                            continue;
                        }
                        for (int kx = 0; kx < g.kernelW(); kx++) {
                            int right = phase + g.padW() - kx * g.dilationW();
                            if (Math.floorMod(right, stride) == 0) {
                                int outX = tile.column + Math.floorDiv(right, stride);
                                for (int o = 0; o < outputs; o++) {
                                    float[] row = sums.next((o * g.kernelH() + ky) * g.kernelW() + kx);
                                    tile.read(gradients, o * g.outH() + outY, g.outW(), outX, 1, columns, row);
                                }
                            }
                        }
                    }
                    sums.finish();
                    for (int c = 0; c < g.c(); c++) {
                        int firstX = tile.column * stride + phase;
                        tile.write(sums.of(c), to, c * g.h() + y, g.w(), firstX, stride, columns);
                    }
                }
            }
        });
    }

    /** Weight [o, c, kh, kw] as [c, o, kh, kw]; in Java array 2. */
    private static float[] transposed(Array weight, Geometry g, Scratch s) {
        int outputs = weight.size(0);
        int window = g.kernelH() * g.kernelW();
        int length = outputs * g.patch();
        float[] from = s.floats(3, length);
        CpuMemory.floats(weight).get(0, from, 0, length);
        float[] to = s.floats(2, length);
        for (int o = 0; o < outputs; o++) {
            for (int c = 0; c < g.c(); c++) {
                System.arraycopy(from, (o * g.c() + c) * window, to, (c * outputs + o) * window, window);
            }
        }
        return to;
    }

    /**
     * For each tile, the rows that the taps see, and a row of ones for the bias, times the gradient of each output.
     *
     * @param masked where to write the gradient that the ReLU let through, as it is at hand
     */
    private static void weightGradient(
            Array x,
            Geometry g,
            Array dy,
            @Nullable Array reluOutput,
            @Nullable Array masked,
            int outputs,
            @Nullable Array dWeight,
            @Nullable Array dBias) {
        int taps = g.patch();
        int width = taps + 1;
        FloatBuffer images = CpuMemory.floats(x);
        IntBuffer gradients = CpuMemory.ints(dy);
        IntBuffer relu = reluOutput == null ? null : CpuMemory.ints(reluOutput);
        IntBuffer passed = masked == null ? null : CpuMemory.ints(masked);
        Tiles tiles = Tiles.of(g.n(), g.outH(), g.outW(), taps, outputs, Math.min(ROW, ROWS / width));
        int parts = tiles.parts();
        Array sums = Array.allocate(DataType.FLOAT, parts, outputs, width);
        Workers.shared().runParts(tiles.count(), parts, (part, from, end) -> {
            Scratch s = Scratch.get();
            int longest = tiles.longest();
            float[] row = s.floats(0, longest);
            int[] bits = s.ints(0, longest);
            int[] open = s.ints(1, longest);
            Scratch.Tile rows = s.tile(0, width * Scratch.spaced(longest));
            Scratch.Tile gradient = s.tile(1, outputs * longest);
            long sum = CpuMemory.address(sums) + (long) part * outputs * width * Float.BYTES;
            Tile tile = new Tile(tiles);
            for (int number = from; number < end; number++) {
                tile.moveTo(number);
                int length = tile.length();
                int distance = Scratch.spaced(length);
                for (int tap = 0; tap < taps; tap++) {
                    int kx = tap % g.kernelW();
                    int ky = tap / g.kernelW() % g.kernelH();
                    int c = tap / g.kernelW() / g.kernelH();
                    int y = tile.row * g.strideH() - g.padH() + ky * g.dilationH();
                    if (y >= 0 && y < g.h()) {
                        int firstX = tile.column * g.strideW() - g.padW() + kx * g.dilationW();
                        tile.read(images, c * g.h() + y, g.w(), firstX, g.strideW(), tile.columns, row);
                    } else {
                        Arrays.fill(row, 0, length, 0f);
                    }
                    rows.floats.put(tap * distance, row, 0, length);
                }
                Arrays.fill(row, 0, length, 1f);
                rows.floats.put(taps * distance, row, 0, length);
                for (int o = 0; o < outputs; o++) {
                    int at = tile.at(o * g.outH() + tile.row, g.outW());
                    tile.read(gradients, at, bits);
                    if (relu != null) {
                        tile.read(relu, at, open);
                        CpuConvolution.mask(bits, open, length);
                    }
                    if (passed != null) {
                        tile.write(bits, passed, at);
                    }
                    gradient.ints.put(o * length, bits, 0, length);
                    Gemm.timesVector(
                            s,
                            width,
                            length,
                            rows.address,
                            distance,
                            gradient.address + (long) o * length * Float.BYTES,
                            number == from ? 0 : 1,
                            sum + (long) o * width * Float.BYTES);
                }
            }
        });
        float[] sum = CpuConvolution.total(sums, parts, Scratch.get());
        for (int o = 0; o < outputs; o++) {
            if (dWeight != null) {
                CpuMemory.floats(dWeight).put(o * taps, sum, o * width, taps);
            }
            if (dBias != null) {
                CpuMemory.floats(dBias).put(o, sum[o * width + taps]);
            }
        }
    }
}
