package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Convolutions of many float32 images, batch-last ({@code [h, w, c, n]}): a pixel of one channel is a row of
 * {@code n} numbers that lie side by side, so that no sum is as short as a pixel has channels.
 *
 * <p>There are two ways, since processors differ: {@link CpuPixelProducts} and {@link CpuRowSums}.
 */
abstract class CpuBatchLast {
    /** With fewer images the rows are so short that to begin with one costs more than to compute with it. */
    static final int LEAST_IMAGES = 32;

    /** Fewer multiply-adds than this are not worth waking a worker for. */
    private static final int GRAIN = 50_000;

    /** What copying a number costs, in multiply-adds. */
    private static final int COPYING = 2;

    /** The faster way on this processor. */
    static CpuBatchLast fastest() {
        return Gemm.IN_PLACE > 0 ? new CpuPixelProducts() : new CpuRowSums();
    }

    /** Whether {@link CpuConvolution} would be slower. */
    abstract boolean pays(Geometry g, int outputs);

    abstract void forward(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out);

    /**
     * Sums for the gradients of weight and bias, {@code [kH·kW·c + 1, o]} for each part.
     *
     * @param masked where to write the gradient that the ReLU let through, as it is at hand; null if nobody needs it
     */
    abstract Array weightGradient(
            Array x, Geometry g, Array dy, @Nullable Array reluOutput, @Nullable Array masked, int outputs);

    abstract void imageGradient(Array dy, Array weight, Geometry g, Array dx);

    void backward(
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
            Array sums = weightGradient(x, g, dy, reluOutput, masked, weight.size(0));
            CpuConvolution.unpack(sums, g, 1, dWeight, dBias);
            gradient = masked == null ? dy : masked;
        } else if (reluOutput != null) {
            gradient = CpuConvolution.masked(dy, reluOutput);
        }
        if (dx != null) {
            imageGradient(gradient, weight, g, dx);
        }
    }

    /** Images of {@code rows} rows of {@code width} pixels, cut into tiles: some columns of a row in some images. */
    record Tiles(int images, int imageBlocks, int width, int columnBlocks, int rows, int parts) {
        /**
         * Tiles of a size.
         *
         * @param most images in a tile
         * @param length of about how many numbers a channel has in a tile of several columns
         */
        static Tiles of(int images, int rows, int width, int taps, int outputs, int most, int length) {
            int imageBlocks = (images + most - 1) / most;
            int columns = Math.max(1, length / images);
            int columnBlocks = (width + columns - 1) / columns;
            if (imageBlocks * columnBlocks * rows < Workers.shared().threads()) {
                imageBlocks = Math.max(1, Math.min(Workers.shared().threads(), images / (LEAST_IMAGES / 2)));
            }
            long tile = (long) images * width / imageBlocks / columnBlocks * taps * (outputs + COPYING);
            int grain = (int) Math.max(1, GRAIN / Math.max(1, tile));
            int parts = Workers.shared().smallParts(imageBlocks * columnBlocks * rows, grain);
            return new Tiles(images, imageBlocks, width, columnBlocks, rows, parts);
        }

        /** The same tiles in at most one part for each thread: for parts that cost something. */
        Tiles inLargeParts() {
            int most = Math.min(parts, Workers.shared().threads());
            return new Tiles(images, imageBlocks, width, columnBlocks, rows, most);
        }

        void run(Workers.Range body) {
            Workers.shared().runParts(imageBlocks * columnBlocks * rows, parts, body);
        }

        /** Where a block of images begins: whole vectors after the one before, so that all rows begin alike. */
        int firstImage(int block) {
            int first = Workers.start(images, imageBlocks, block);
            return block == imageBlocks ? images : first - first % Gemm.VECTOR;
        }

        /** At least as many numbers as a channel has in any tile. */
        int longest() {
            int block = imageBlocks == 1 ? images : images / imageBlocks + Gemm.VECTOR;
            return block * ((width + columnBlocks - 1) / columnBlocks);
        }
    }

    /** Columns of a row in some images of the batch, which are neighbours in each pixel: one tile after another. */
    static final class Tile {
        private final Tiles tiles;
        private final int batch;
        int row;
        int column;
        int columns;
        int first;
        int images;

        Tile(Tiles tiles) {
            this.tiles = tiles;
            batch = tiles.images();
        }

        void moveTo(int number) {
            int columnBlock = number % tiles.columnBlocks();
            int block = number / tiles.columnBlocks();
            row = block % tiles.rows();
            int imageBlock = block / tiles.rows();
            column = Workers.start(tiles.width(), tiles.columnBlocks(), columnBlock);
            columns = Workers.start(tiles.width(), tiles.columnBlocks(), columnBlock + 1) - column;
            first = tiles.firstImage(imageBlock);
            images = tiles.firstImage(imageBlock + 1) - first;
        }

        /** Images of the whole batch. */
        int batch() {
            return batch;
        }

        /** Numbers of one channel. */
        int length() {
            return columns * images;
        }

        /** Where this tile's images of a channel's pixel begin, counted over pixels of {@code channels} channels. */
        int at(int pixel, int channels, int channel) {
            return (pixel * channels + channel) * batch + first;
        }

        /** Rows of this tile's images, from one pixel and channel on; {@code apart} counts channels. */
        void read(FloatBuffer from, int at, int apart, int rows, float[] to, int toAt) {
            int pieces = pieces(apart, rows);
            for (int i = 0; i < pieces; i++) {
                from.get(at + i * apart * batch, to, toAt + i * images, rows * images / pieces);
            }
        }

        void write(float[] from, FloatBuffer to, int at, int apart, int rows) {
            int pieces = pieces(apart, rows);
            for (int i = 0; i < pieces; i++) {
                to.put(at + i * apart * batch, from, i * images, rows * images / pieces);
            }
        }

        void read(IntBuffer from, int at, int apart, int rows, int[] to) {
            int pieces = pieces(apart, rows);
            for (int i = 0; i < pieces; i++) {
                from.get(at + i * apart * batch, to, i * images, rows * images / pieces);
            }
        }

        void write(int[] from, IntBuffer to, int at, int apart, int rows) {
            int pieces = pieces(apart, rows);
            for (int i = 0; i < pieces; i++) {
                to.put(at + i * apart * batch, from, i * images, rows * images / pieces);
            }
        }

        private int pieces(int apart, int rows) {
            return images == batch && apart == 1 ? Math.min(1, rows) : rows;
        }
    }

    static void relu(float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = Math.max(0f, y[i]);
        }
    }

    /**
     * The gradient where the ReLU let its input through: rows of a tile, as {@link Tile#read} counts them.
     *
     * @param masked where to write it, too
     * @return its bits
     */
    static int[] gradient(
            Array dy, @Nullable Array reluOutput, @Nullable Array masked, Tile tile, int at, int apart, int rows) {
        Scratch s = Scratch.get();
        int length = rows * tile.images;
        int[] bits = s.ints(0, length);
        tile.read(CpuMemory.ints(dy), at, apart, rows, bits);
        if (reluOutput != null) {
            int[] open = s.ints(1, length);
            tile.read(CpuMemory.ints(reluOutput), at, apart, rows, open);
            CpuConvolution.mask(bits, open, length);
        }
        if (masked != null) {
            tile.write(bits, CpuMemory.ints(masked), at, apart, rows);
        }
        return bits;
    }

    /**
     * The taps of a row of the kernel that see one image column. They are {@code strideW} apart, and the output columns
     * that they belong to are neighbours.
     */
    static final class Seen {
        private final Geometry g;
        private final int[] outRows;

        /** The first of the output columns, and how many there are. */
        int column;

        int columns;

        /** The place of the first one's tap among those of a row, in the order of {@link #packed}. */
        int place;

        Seen(Geometry g) {
            this.g = g;
            this.outRows = new int[g.kernelH()];
        }

        void moveToColumn(int imageColumn) {
            int right = imageColumn + g.padW();
            int before = before(right % g.strideW());
            int count = before(right % g.strideW() + 1) - before;
            int last = right / g.strideW();
            column = Math.max(0, last - count + 1);
            columns = Math.min(last + 1, g.outW()) - column;
            place = before + column - (last - count + 1);
        }

        void moveToRow(int imageRow) {
            for (int ky = 0; ky < outRows.length; ky++) {
                int y = imageRow + g.padH() - ky * g.dilationH();
                outRows[ky] = y >= 0 && y % g.strideH() == 0 && y / g.strideH() < g.outH() ? y / g.strideH() : -1;
            }
        }

        /** The output row whose kernel row {@code ky} sees the image row; -1 if there is none. */
        int outRow(int ky) {
            return outRows[ky];
        }

        /** Where the weights of a row's tap are in {@link #packed}. */
        int place(int kx) {
            return before(kx % g.strideW() + 1) - 1 - kx / g.strideW();
        }

        /** How many taps of a row have a smaller remainder than {@code phase} when divided by the stride. */
        private int before(int phase) {
            return g.kernelW() / g.strideW() * phase + Math.min(phase, g.kernelW() % g.strideW());
        }

        /** Weight [o, c, kh, kw] as [c, kh, kw, o], the taps of a row by their remainder, and then backwards. */
        Array packed(Array weight) {
            int length = CpuElementwise.length(weight);
            float[] from = Scratch.get().floats(2, length);
            CpuMemory.floats(weight).get(0, from, 0, length);
            Array packed = Array.allocate(DataType.FLOAT, g.c(), length / g.c());
            CpuConvolution.eachRow(weight, g.c(), (part, first, end) -> pack(from, packed, first, end));
            return packed;
        }

        private void pack(float[] from, Array packed, int first, int end) {
            int length = packed.size(1);
            float[] to = Scratch.get().floats(1, (end - first) * length);
            int window = g.kernelH() * g.kernelW();
            int outputs = length / window;
            for (int tap = 0; tap < window; tap++) {
                int kx = tap % g.kernelW();
                int at = (tap - kx + place(kx)) * outputs;
                for (int c = first; c < end; c++) {
                    CpuConvolution.gather(from, c * window + tap, g.patch(), to, (c - first) * length + at, outputs);
                }
            }
            CpuMemory.floats(packed).put(first * length, to, 0, (end - first) * length);
        }
    }
}
