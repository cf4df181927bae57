package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Convolutions of few channels as weighted sums of rows, for processors on which BLAS packs every matrix first.
 *
 * <p>What a tap of the kernel sees of one pixel row in a block of images is {@code outW·images} numbers, and an output
 * row is a weighted sum of such rows: no matrix product, and no weight is multiplied with a border. BLAS would have to
 * copy every one of them (unfold, then pack) for a handful of multiply-adds each; here each is copied once.
 */
final class CpuRowSums extends CpuBatchLast {
    /** Numbers in a row of a tile: three taps and the outputs of a tile stay in the first- and second-level cache. */
    private static final int ROW = 2048;

    /** Numbers in the rows of all taps of a tile, where all are needed at once: half of the second-level cache. */
    private static final int ROWS = 96 * 1024;

    /** With more of either, {@link CpuConvolution} is as fast. */
    private static final int MOST_CHANNELS = 16;

    /** A first layer of more is likely followed by one for {@link CpuConvolution}, and its output would be copied. */
    private static final int FEW_OUTPUTS = 8;

    @Override
    boolean pays(Geometry g, int outputs) {
        boolean few = outputs <= FEW_OUTPUTS || (outputs <= MOST_CHANNELS && g.c() >= FEW_OUTPUTS);
        return few && g.c() <= MOST_CHANNELS && g.n() >= LEAST_IMAGES && g.upsample() == 1 && g.dilationW() == 1;
    }

    @Override
    void forward(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        int outputs = weight.size(0);
        Scratch caller = Scratch.get();
        int width = g.patch() + 1;
        float[] w = caller.floats(2, outputs * width);
        CpuMemory.floats(CpuConvolution.pack(weight, bias, g)).get(0, w, 0, outputs * width);
        float[] start = bias == null ? null : caller.floats(3, outputs);
        if (bias != null) {
            CpuMemory.floats(bias).get(0, start, 0, outputs);
        }
        FloatBuffer images = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        Tiles tiles = Tiles.of(g.n(), g.outH(), g.outW(), g.patch(), outputs, ROW, ROW);
        tiles.run((part, from, end) -> {
            WeightedRows sums = new WeightedRows(Scratch.get(), w, outputs, width, tiles.longest());
            Tile tile = new Tile(tiles);
            for (int number = from; number < end; number++) {
                tile.moveTo(number);
                int length = tile.length();
                sums.start(start, length);
                for (int tap = 0; tap < g.patch(); tap++) {
                    int row = row(tile, g, tap);
                    if (row >= 0 && row < g.h()) {
                        readTap(tile, images, g, tap, sums.next(tap));
                    }
                }
                sums.finish();
                for (int o = 0; o < outputs; o++) {
                    float[] y = sums.of(o);
                    if (relu) {
                        relu(y, length);
                    }
                    int at = tile.at(tile.row * g.outW() + tile.column, outputs, o);
                    tile.write(y, to, at, outputs, tile.columns);
                }
            }
        });
    }

    /**
     * A row at a time. Of the pixels in a row, those whose column leaves the same remainder when divided by the stride
     * are seen by the same taps: they are one weighted sum.
     */
    @Override
    void imageGradient(Array dy, Array weight, Geometry g, Array dx) {
        int outputs = weight.size(0);
        int window = g.kernelH() * g.kernelW();
        int stride = g.strideW();
        int length = g.c() * window * outputs;
        float[] w = Scratch.get().floats(2, length);
        CpuMemory.floats(new Seen(g).packed(weight)).get(0, w, 0, length);
        int widest = (g.w() + stride - 1) / stride;
        FloatBuffer gradients = CpuMemory.floats(dy);
        FloatBuffer to = CpuMemory.floats(dx);
        Tiles tiles = Tiles.of(g.n(), g.h(), widest, outputs * window / g.strideH(), g.c(), ROW, ROW);
        tiles.run((part, from, end) -> {
            WeightedRows sums = new WeightedRows(Scratch.get(), w, g.c(), outputs * window, tiles.longest());
            Seen seen = new Seen(g);
            Tile tile = new Tile(tiles);
            for (int number = from; number < end; number++) {
                tile.moveTo(number);
                seen.moveToRow(tile.row);
                for (int phase = 0; phase < Math.min(stride, g.w()); phase++) {
                    int all = (g.w() - phase + stride - 1) / stride;
                    int columns = Math.min(tile.columns, all - tile.column);
                    sums.start(null, columns * tile.images);
                    for (int ky = 0; ky < g.kernelH(); ky++) {
                        int outRow = seen.outRow(ky);
                        int right = phase + g.padW();
                        for (int kx = right % stride; kx < g.kernelW() && outRow >= 0; kx += stride) {
                            int outX = tile.column + Math.floorDiv(right - kx, stride);
                            for (int o = 0; o < outputs; o++) {
                                float[] row = sums.next((ky * g.kernelW() + seen.place(kx)) * outputs + o);
                                read(tile, gradients, outRow, g.outW(), outX, 1, columns, outputs, o, row);
                            }
                        }
                    }
                    sums.finish();
                    for (int c = 0; c < g.c(); c++) {
                        int at = tile.at(tile.row * g.w() + tile.column * stride + phase, g.c(), c);
                        tile.write(sums.of(c), to, at, stride * g.c(), columns);
                    }
                }
            }
        });
    }

    /** For each tile, the rows that the taps see, and a row of ones for the bias, times the gradients of the outputs. */
    @Override
    Array weightGradient(
            Array x, Geometry g, Array dy, @Nullable Array reluOutput, @Nullable Array masked, int outputs) {
        int patch = g.patch();
        int width = patch + 1;
        FloatBuffer images = CpuMemory.floats(x);
        int longest = Math.min(ROW, ROWS / width);
        Tiles tiles = Tiles.of(g.n(), g.outH(), g.outW(), patch, outputs, longest, longest);
        Array sums = Array.allocate(DataType.FLOAT, tiles.parts(), width, outputs);
        tiles.run((part, from, end) -> {
            Scratch s = Scratch.get();
            float[] row = s.floats(0, tiles.longest());
            Scratch.Tile rows = s.tile(0, width * Scratch.spaced(tiles.longest()));
            Scratch.Tile gradients = s.tile(1, outputs * Scratch.spaced(tiles.longest()));
            long sum = CpuMemory.address(sums) + (long) part * width * outputs * Float.BYTES;
            Tile tile = new Tile(tiles);
            for (int number = from; number < end; number++) {
                tile.moveTo(number);
                int length = tile.length();
                int distance = Scratch.spaced(length);
                for (int tap = 0; tap < patch; tap++) {
                    readTap(tile, images, g, tap, row);
                    rows.floats.put(tap * distance, row, 0, length);
                }
                Arrays.fill(row, 0, length, 1f);
                rows.floats.put(patch * distance, row, 0, length);
                for (int o = 0; o < outputs; o++) {
                    int at = tile.at(tile.row * g.outW() + tile.column, outputs, o);
                    int[] bits = gradient(dy, reluOutput, masked, tile, at, outputs, tile.columns);
                    gradients.ints.put(o * distance, bits, 0, length);
                }
                Gemm.run(
                        s,
                        false,
                        true,
                        width,
                        outputs,
                        length,
                        rows.address,
                        distance,
                        gradients.address,
                        distance,
                        number == from ? 0 : 1,
                        sum,
                        outputs);
            }
        });
        return sums;
    }

    /** The image row that a tap sees. */
    private static int row(Tile tile, Geometry g, int tap) {
        return tile.row * g.strideH() - g.padH() + tap / g.c() / g.kernelW() * g.dilationH();
    }

    /** What a tap, counted as {@code (ky·kW + kx)·c + channel}, sees of the images; zeros where that is outside. */
    private static void readTap(Tile tile, FloatBuffer images, Geometry g, int tap, float[] to) {
        int kx = tap / g.c() % g.kernelW();
        int y = row(tile, g, tap);
        int x = tile.column * g.strideW() - g.padW() + kx;
        if (y >= 0 && y < g.h()) {
            read(tile, images, y, g.w(), x, g.strideW(), tile.columns, g.c(), tap % g.c(), to);
        } else {
            Arrays.fill(to, 0, tile.length(), 0f);
        }
    }

    /** Every {@code step}th pixel of a row of images from column {@code x} on; zeros where that is outside. */
    private static void read(
            Tile tile, FloatBuffer from, int y, int w, int x, int step, int count, int channels, int c, float[] to) {
        int n = tile.images;
        int before = Math.min(count, x >= 0 ? 0 : (step - 1 - x) / step);
        int first = x + before * step;
        int inside = Math.max(0, Math.min(count - before, (w - 1 - first + step) / step));
        Arrays.fill(to, 0, before * n, 0f);
        tile.read(from, tile.at(y * w + first, channels, c), step * channels, inside, to, before * n);
        Arrays.fill(to, (before + inside) * n, count * n, 0f);
    }
}
