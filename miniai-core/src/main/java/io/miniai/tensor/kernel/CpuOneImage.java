package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The convolution of one float32 image, row-major: every channel gives, for each tap of the kernel, a row of columns
 * {@code [c·kH·kW, positions]}, which the weight multiplies as it lies in memory.
 *
 * <p>In the other orders of memory there is less to unfold, but the weight has to be brought into their order first,
 * which many images share; with one image it is most of the work.
 */
final class CpuOneImage {
    /** So few numbers are unfolded faster than any weight is put in order. */
    private static final int SMALL = 4096;

    /** How many numbers of a weight are put in order in the time that unfolding one number takes longer here. */
    private static final int OUTPUTS = 4;

    /** The most numbers that are unfolded. */
    private static final int LARGE = 1024 * 1024;

    /** Fewer multiply-adds than this are not worth waking a worker for, which may sleep between two images. */
    private static final long GRAIN = 1_000_000;

    /** Outputs that pass through a Java array at a time: they stay in the first-level cache. */
    private static final int NEAR = 2048;

    private final Geometry g;
    private final int window;
    private final int width;
    private final int height;
    private final Array columns;

    private CpuOneImage(Geometry g) {
        this.g = g;
        window = g.kernelH() * g.kernelW();
        int seen = (g.outW() - 1) * g.strideW() + (g.kernelW() - 1) * g.dilationW() + 1;
        width = Math.max(seen, g.padW() + g.w());
        height = (g.outH() - 1) * g.strideH() + (g.kernelH() - 1) * g.dilationH() + 1;
        columns = Array.allocate(DataType.FLOAT, g.patch(), g.positions());
    }

    /** Whether {@link CpuConvolution} would be slower. */
    static boolean pays(Geometry g, int outputs) {
        long unfolded = (long) g.patch() * g.positions();
        boolean quick = unfolded <= SMALL || (unfolded <= LARGE && g.positions() < OUTPUTS * outputs);
        return g.n() == 1 && g.upsample() == 1 && quick;
    }

    static void forward(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        CpuOneImage image = new CpuOneImage(g);
        share(
                g.c(),
                (long) image.window * g.positions() * CpuConvolution.UNFOLDING,
                (part, from, to) -> image.unfold(x, from, to));
        share(weight.size(0), (long) g.patch() * g.positions(), (part, from, to) -> {
            image.multiply(weight, from, to, out);
            image.activate(out, bias, relu, from, to);
        });
    }

    private static void share(int items, long work, Workers.Range body) {
        Workers.shared().run(items, (int) Math.max(1, GRAIN / work), body);
    }

    /** The rows of columns of some channels. */
    private void unfold(Array x, int firstChannel, int endChannel) {
        Scratch s = Scratch.get();
        float[] plane = s.floats(0, height * width);
        Arrays.fill(plane, 0, height * width, 0f);
        int[] places = places(s);
        int length = window * g.positions();
        float[] unfolded = s.floats(1, length);
        for (int c = firstChannel; c < endChannel; c++) {
            load(CpuMemory.floats(x), c, plane);
            gather(plane, places, unfolded, length);
            CpuMemory.floats(columns).put(c * length, unfolded, 0, length);
        }
    }

    /** Where in a plane each number of the columns of its channel is. */
    private int[] places(Scratch s) {
        int positions = g.positions();
        int[] places = s.ints(0, window * positions);
        for (int i = 0, y = 0; y < g.outH(); y++) {
            for (int x = 0; x < g.outW(); x++, i++) {
                places[i] = y * g.strideH() * width + x * g.strideW();
            }
        }
        for (int tap = 1; tap < window; tap++) {
            int offset = tap / g.kernelW() * g.dilationH() * width + tap % g.kernelW() * g.dilationW();
            for (int i = 0; i < positions; i++) {
                places[tap * positions + i] = places[i] + offset;
            }
        }
        return places;
    }

    private static void gather(float[] from, int[] places, float[] to, int length) {
        for (int i = 0; i < length; i++) {
            to[i] = from[places[i]];
        }
    }

    /** A channel between its borders, which stay 0. */
    private void load(FloatBuffer image, int channel, float[] plane) {
        for (int y = 0; y < Math.min(g.h(), height - g.padH()); y++) {
            image.get((channel * g.h() + y) * g.w(), plane, (y + g.padH()) * width + g.padW(), g.w());
        }
    }

    /** Some outputs. */
    private void multiply(Array weight, int from, int to, Array out) {
        Scratch s = Scratch.get();
        int patch = g.patch();
        int positions = g.positions();
        long rows = CpuMemory.address(weight) + (long) from * patch * Float.BYTES;
        long result = CpuMemory.address(out) + (long) from * positions * Float.BYTES;
        if (positions == 1) {
            Gemm.timesVector(s, to - from, patch, rows, patch, CpuMemory.address(columns), 0, result);
        } else {
            int m = to - from;
            Gemm.run(
                    s,
                    false,
                    false,
                    m,
                    positions,
                    patch,
                    rows,
                    patch,
                    CpuMemory.address(columns),
                    positions,
                    0,
                    result,
                    positions);
        }
    }

    private void activate(Array out, @Nullable Array bias, boolean relu, int from, int to) {
        if (bias == null && !relu) {
            return;
        }
        FloatBuffer results = CpuMemory.floats(out);
        int positions = g.positions();
        int some = Math.max(1, NEAR / positions);
        float[] y = Scratch.get().floats(0, some * positions);
        for (int o = from; o < to; o += some) {
            int length = Math.min(some, to - o) * positions;
            results.get(o * positions, y, 0, length);
            for (int at = 0; bias != null && at < length; at += positions) {
                float shift = CpuMemory.floats(bias).get(o + at / positions);
                CpuPixelProducts.add(shift, y, at, at + positions);
            }
            if (relu) {
                CpuBatchLast.relu(y, length);
            }
            results.put(o * positions, y, 0, length);
        }
    }
}
