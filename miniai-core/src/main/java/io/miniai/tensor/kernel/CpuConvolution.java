package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Convolution on channels-last float32 images: unfold a tile of output rows into columns that stay in the
 * cache, multiply them with the weight, go on to the next tile. Each worker has its own images.
 *
 * <p>The weight is packed as {@code [out, kH·kW·C + 1]} with the bias last: the columns carry a 1 there, so
 * that one multiplication adds the bias, and one gives its gradient along with the weight's.
 */
final class CpuConvolution {
    /** Columns in flight for each thread, in floats: about half of a 512 KiB second-level cache. */
    private static final int TILE = 64 * 1024;

    /** Output positions of a tile, even if its columns leave the cache then: BLAS is slow on matrices of few rows. */
    private static final int LEAST_POSITIONS = 128;

    /** Fewer multiply-adds than this are not worth waking a worker for. */
    private static final long GRAIN = 200_000;

    /** A weight of fewer floats is brought into another order by one thread. */
    private static final int SMALL_WEIGHT = 32 * 1024;

    /** What it costs to unfold one float, in multiply-adds: with few outputs more than what is done with it. */
    static final int UNFOLDING = 16;

    /** Weights that pass through a Java array at a time. */
    private static final int NEAR = 2048;

    private static final int MASK_GRAIN = 32 * 1024;

    private CpuConvolution() {}

    static void forward(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        Array packed = pack(weight, bias, g);
        int group = CpuGroups.size(g, weight.size(0));
        if (group > 1) {
            Geometry wide = CpuGroups.widened(g, group);
            multiply(x, CpuGroups.pack(packed, g, group, wide), wide, relu, out);
        } else {
            multiply(x, packed, g, relu, out);
        }
    }

    /** Out = columns(x)·packedᵀ, one row for each output position. */
    static void multiply(Array x, Array packed, Geometry g, boolean relu, Array out) {
        int outputs = packed.size(0);
        int tileRows = tileRows(g, packed.size(1));
        CpuColumns.eachTile(x, g, parts(g, outputs), tileRows, (part, s, columns, row, positions, first) -> {
            long at = (long) row * g.outW() * outputs;
            Gemm.byPacked(s, columns, positions, packed, CpuMemory.address(out) + at * Float.BYTES);
            if (relu) {
                relu(CpuMemory.floats(out), (int) at, positions * outputs, s);
            }
        });
    }

    private static void relu(FloatBuffer out, int from, int length, Scratch s) {
        float[] y = s.floats(1, length);
        out.get(from, y, 0, length);
        CpuBatchLast.relu(y, length);
        out.put(from, y, 0, length);
    }

    static void backward(
            Array x,
            Array weight,
            Geometry window,
            @Nullable Array reluOutput,
            Array dy,
            @Nullable Array dx,
            @Nullable Array dWeight,
            @Nullable Array dBias) {
        if (dx != null && (stepsByOne(window) || CpuSubpixel.downsamples(window))) {
            Array gradient = reluOutput == null ? dy : masked(dy, reluOutput);
            if (dWeight != null || dBias != null) {
                backward(x, weight, window, null, gradient, null, dWeight, dBias);
            }
            if (stepsByOne(window)) {
                multiply(gradient, packFlipped(weight, window), flipped(window, weight.size(0)), false, dx);
            } else {
                CpuSubpixel.imageGradient(gradient, weight, window, dx);
            }
            return;
        }
        int group = dx == null ? CpuGroups.size(window, weight.size(0)) : 1;
        Geometry g = group > 1 ? CpuGroups.widened(window, group) : window;
        int outputs = group * weight.size(0);
        int width = g.patch() + 1;
        boolean weightWanted = dWeight != null || dBias != null;
        Array packed = dx == null ? null : pack(weight, null, g);
        int grain = Math.max(1, grain(g, outputs) / g.outH());
        int parts = Workers.shared().parts(g.n(), grain);
        Array sums = weightWanted ? Array.allocate(DataType.FLOAT, parts, width, outputs) : null;
        int tileRows = tileRows(g, width);
        Workers.shared().runParts(g.n(), parts, (part, from, to) -> {
            Scratch s = Scratch.get();
            CpuColumns columns = weightWanted ? new CpuColumns(g, tileRows, s) : null;
            CpuFold fold = dx == null ? null : new CpuFold(g, s);
            Scratch.Tile tile = s.tile(0, tileRows * g.outW() * width);
            int firstRow = from * g.outH();
            int lastRow = to * g.outH();
            for (int row = firstRow; row < lastRow; row += tileRows) {
                int end = Math.min(lastRow, row + tileRows);
                int positions = (end - row) * g.outW();
                long gradient = masked(dy, reluOutput, (long) row * g.outW() * outputs, positions * outputs, s);
                if (columns != null && sums != null) {
                    columns.fill(CpuMemory.floats(x), row, end, tile);
                    long sum = CpuMemory.address(sums) + (long) part * outputs * width * Float.BYTES;
                    float beta = row == firstRow ? 0 : 1;
                    Gemm.run(
                            s,
                            true,
                            false,
                            width,
                            outputs,
                            positions,
                            tile.address,
                            width,
                            gradient,
                            outputs,
                            beta,
                            sum,
                            outputs);
                }
                if (fold != null && packed != null && dx != null) {
                    int patch = g.patch();
                    Gemm.run(
                            s,
                            false,
                            false,
                            positions,
                            patch,
                            outputs,
                            gradient,
                            outputs,
                            CpuMemory.address(packed),
                            width,
                            0,
                            tile.address,
                            patch);
                    fold.add(tile, row, end, CpuMemory.floats(dx));
                }
            }
        });
        if (sums != null) {
            unpack(sums, window, group, dWeight, dBias);
        }
    }

    /** Then the gradient of the images is itself a convolution, of dy with the flipped weight: no fold needed. */
    private static boolean stepsByOne(Geometry g) {
        return g.strideH() == 1
                && g.strideW() == 1
                && g.dilationH() == 1
                && g.dilationW() == 1
                && g.padH() < g.kernelH()
                && g.padW() < g.kernelW();
    }

    private static Geometry flipped(Geometry g, int outputs) {
        int padH = g.kernelH() - 1 - g.padH();
        int padW = g.kernelW() - 1 - g.padW();
        return new Geometry(
                g.n(), outputs, g.outH(), g.outW(), g.kernelH(), g.kernelW(), 1, 1, padH, padW, 1, 1, g.h(), g.w());
    }

    /** Weight [o, c, kh, kw] as [c, kh·kw·o + 1], kernel rows and columns in reverse, the last column 0. */
    private static Array packFlipped(Array weight, Geometry g) {
        int outputs = weight.size(0);
        int window = g.kernelH() * g.kernelW();
        int length = CpuElementwise.length(weight);
        int width = window * outputs + 1;
        Scratch s = Scratch.get();
        float[] from = s.floats(0, length);
        CpuMemory.floats(weight).get(0, from, 0, length);
        float[] to = s.floats(1, g.c() * width);
        for (int c = 0; c < g.c(); c++) {
            for (int k = 0; k < window; k++) {
                int pixel = c * window + window - 1 - k;
                int row = c * width + k * outputs;
                for (int o = 0; o < outputs; o++) {
                    to[row + o] = from[o * g.patch() + pixel];
                }
            }
            to[c * width + width - 1] = 0;
        }
        Array packed = Array.allocate(DataType.FLOAT, g.c(), width);
        CpuMemory.floats(packed).put(0, to, 0, g.c() * width);
        return packed;
    }

    /** All of dy where the ReLU let its input through. */
    static Array masked(Array dy, Array reluOutput) {
        Array masked = dy.allocateLike();
        mask(dy, reluOutput, masked);
        return masked;
    }

    static void mask(Array dy, Array reluOutput, Array dx) {
        IntBuffer to = CpuMemory.ints(dx);
        CpuElementwise.eachPiece(
                CpuElementwise.length(dy),
                MASK_GRAIN,
                (s, at, n) -> to.put(at, maskedBits(dy, reluOutput, at, n, s), 0, n));
    }

    /** The gradient where the ReLU let its input through; without a ReLU the gradient as it is. @return its address */
    private static long masked(Array dy, @Nullable Array reluOutput, long from, int length, Scratch s) {
        if (reluOutput == null) {
            return CpuMemory.address(dy) + from * Float.BYTES;
        }
        Scratch.Tile tile = s.tile(1, length);
        tile.ints.put(0, maskedBits(dy, reluOutput, (int) from, length, s), 0, length);
        return tile.address;
    }

    private static int[] maskedBits(Array dy, Array reluOutput, int from, int length, Scratch s) {
        int[] gradient = s.ints(0, length);
        int[] output = s.ints(1, length);
        CpuMemory.ints(dy).get(from, gradient, 0, length);
        CpuMemory.ints(reluOutput).get(from, output, 0, length);
        mask(gradient, output, length);
        return gradient;
    }

    /** Makes 0 of the gradients whose ReLU output is 0; as bits, which the JIT vectorises, unlike a choice of floats. */
    static void mask(int[] gradient, int[] output, int length) {
        // Of what is not 0, NaN with whatever sign included, the bits or their negation are negative: shifted, all
        // ones.
        for (int i = 0; i < length; i++) {
            gradient[i] &= (output[i] | -output[i]) >> 31;
        }
    }

    /** Weight [o, c, kh, kw] and bias as [o, kh·kw·c + 1]. */
    static Array pack(Array weight, @Nullable Array bias, Geometry g) {
        int outputs = weight.size(0);
        Array packed = Array.allocate(DataType.FLOAT, outputs, g.patch() + 1);
        eachRow(weight, outputs, (part, from, to) -> pack(weight, bias, g, packed, from, to));
        return packed;
    }

    /** Does something with all rows of a weight in another order. */
    static void eachRow(Array weight, int rows, Workers.Range body) {
        if (isSmall(weight)) {
            body.run(0, 0, rows);
        } else {
            Workers.shared().run(rows, 1, body);
        }
    }

    /** Then a second thread does not pay, nor even what it takes to ask for one. */
    private static boolean isSmall(Array weight) {
        return weight.length() < SMALL_WEIGHT;
    }

    private static void pack(Array weight, @Nullable Array bias, Geometry g, Array packed, int first, int end) {
        int patch = g.patch();
        int some = Math.max(1, NEAR / patch);
        Scratch s = Scratch.get();
        float[] from = s.floats(0, some * patch);
        float[] to = s.floats(1, some * (patch + 1));
        for (int o = first; o < end; o += some) {
            int count = Math.min(some, end - o);
            CpuMemory.floats(weight).get(o * patch, from, 0, count * patch);
            for (int i = 0; i < count; i++) {
                int at = i * (patch + 1);
                transpose(from, i * patch, g.c(), g.kernelH() * g.kernelW(), to, at);
                to[at + patch] = bias == null ? 0f : CpuMemory.floats(bias).get(o + i);
            }
            CpuMemory.floats(packed).put(o * (patch + 1), to, 0, count * (patch + 1));
        }
    }

    /** Adds up the parts' sums [parts, kH·kW·c + 1, o] of a group and takes them apart into the gradients. */
    static void unpack(Array sums, Geometry g, int group, @Nullable Array dWeight, @Nullable Array dBias) {
        if (group > 1) {
            unpack(CpuGroups.gather(total(sums), g, group, sums.size(2) / group), g, 1, dWeight, dBias);
        } else {
            addParts(sums);
            eachRow(sums, sums.size(2), (part, from, to) -> unpack(sums, g, dWeight, dBias, from, to));
        }
    }

    private static void unpack(
            Array sums, Geometry g, @Nullable Array dWeight, @Nullable Array dBias, int first, int end) {
        int outputs = sums.size(2);
        int patch = g.patch();
        int window = g.kernelH() * g.kernelW();
        FloatBuffer from = CpuMemory.floats(sums);
        Scratch s = Scratch.get();
        int count = end - first;
        float[] row = s.floats(0, count);
        float[] values = s.floats(1, count * patch);
        for (int tap = 0; tap < window; tap++) {
            for (int c = 0; c < g.c(); c++) {
                from.get((tap * g.c() + c) * outputs + first, row, 0, count);
                scatter(row, 0, count, values, c * window + tap, patch);
            }
        }
        if (dBias != null) {
            from.get(patch * outputs + first, row, 0, count);
            CpuMemory.floats(dBias).put(first, row, 0, count);
        }
        if (dWeight != null) {
            CpuMemory.floats(dWeight).put(first * patch, values, 0, count * patch);
        }
    }

    /** Every {@code step}th number, as neighbours. */
    static void gather(float[] from, int at, int step, float[] to, int toAt, int count) {
        for (int i = 0; i < count; i++) {
            to[toAt + i] = from[at + i * step];
        }
    }

    /** Neighbours, as every {@code step}th number. */
    static void scatter(float[] from, int fromAt, int count, float[] to, int at, int step) {
        for (int i = 0; i < count; i++) {
            to[at + i * step] = from[fromAt + i];
        }
    }

    /** Adds all parts [parts, rows, columns] to the first, in their order. */
    private static void addParts(Array sums) {
        int size = sums.size(1) * sums.size(2);
        long first = CpuMemory.address(sums);
        for (int part = 1; part < sums.size(0); part++) {
            Gemm.add(Scratch.get(), size, 1, first + (long) part * size * Float.BYTES, first);
        }
    }

    /** The sum of the parts [parts, rows, columns]; in Java array 0. */
    static float[] total(Array sums) {
        addParts(sums);
        int size = sums.size(1) * sums.size(2);
        float[] total = Scratch.get().floats(0, size);
        CpuMemory.floats(sums).get(0, total, 0, size);
        return total;
    }

    /** A matrix [rows, columns] as [columns, rows]. */
    static void transpose(float[] from, int at, int rows, int columns, float[] to, int toAt) {
        if (rows < columns) {
            for (int r = 0; r < rows; r++) {
                scatter(from, at + r * columns, columns, to, toAt + r, rows);
            }
        } else {
            for (int c = 0; c < columns; c++) {
                gather(from, at + c, columns, to, toAt + c * rows, rows);
            }
        }
    }

    static int tileRows(Geometry g, int width) {
        return Math.max(1, Math.max(TILE / width, LEAST_POSITIONS) / g.outW());
    }

    /** Into how many parts to cut the output rows. */
    static int parts(Geometry g, int outputs) {
        return Workers.shared().parts(g.n() * g.outH(), grain(g, outputs));
    }

    /** The output rows that are worth a thread of their own. */
    private static int grain(Geometry g, int outputs) {
        long row = (long) g.outW() * g.patch() * (outputs + UNFOLDING);
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, GRAIN / row));
    }
}
