package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pooling of float32 images, an output row at a time.
 *
 * <p>For each place in the kernel, the pixels that it sees over a whole output row are put side by side; then all
 * steps are loops over long arrays at one index, without a branch, which the JIT vectorises. Asking window by window
 * which of its pixels was the largest costs ten times as much: no processor can foresee the answer.
 */
final class CpuPooling {
    /** Numbers of a pixel that are worked on together. */
    private static final int PIXEL = 512;

    /** About how many numbers of an image are read at a time. */
    private static final int NEAR = 16 * 1024;

    /** Fewer numbers than this are not worth waking a worker for. */
    private static final int GRAIN = 32 * 1024;

    private final Planes in;
    private final Geometry g;
    private final int inRow;
    private final int outRow;

    /** From what one output sees to what the next one sees, in floats. */
    private final int step;

    private CpuPooling(Planes in, Geometry g) {
        this.in = in;
        this.g = g;
        inRow = in.w() * in.c();
        outRow = g.outW() * in.c();
        step = g.strideW() * in.c();
    }

    /** Whether a pixel may be seen by several windows. */
    private static boolean overlaps(Geometry g) {
        return (g.outH() > 1 && (g.dilationH() > 1 || g.kernelH() > g.strideH()))
                || (g.outW() > 1 && (g.dilationW() > 1 || g.kernelW() > g.strideW()));
    }

    /** How the pixels that one place of the kernel sees change the outputs of a row from one index to another. */
    private interface Step {
        void take(float[] seen, float[] outputs, int from, int to);
    }

    static void max(Array x, Geometry g, Array out) {
        forward(x, g, out, Float.NEGATIVE_INFINITY, 1, (seen, largest, from, to) -> {
            for (int i = from; i < to; i++) {
                largest[i] = Math.max(largest[i], seen[i]);
            }
        });
    }

    static void average(Array x, Geometry g, Array out) {
        forward(x, g, out, 0, share(g), (seen, sum, from, to) -> {
            for (int i = from; i < to; i++) {
                sum[i] += seen[i];
            }
        });
    }

    private static float share(Geometry g) {
        return 1f / (g.kernelH() * g.kernelW());
    }

    private static void forward(Array x, Geometry g, Array out, float start, float factor, Step step) {
        Planes in = Planes.of(x).joined(PIXEL);
        Planes results = Planes.of(out).joined(PIXEL);
        CpuPooling pool = new CpuPooling(in, g);
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        pool.eachBand(pool.mostBands(), (s, band) -> {
            float[] image = s.floats(0, band.rows() * pool.inRow);
            float[] outputs = s.floats(1, pool.outRow);
            float[] seen = s.floats(2, pool.outRow);
            in.read(from, band.plane, band.firstRow * in.w(), band.rows() * in.w(), image);
            for (int oy = band.first; oy < band.end; oy++) {
                Arrays.fill(outputs, 0, pool.outRow, start);
                pool.takeAll(image, band, oy, seen, outputs, step);
                for (int i = 0; i < pool.outRow; i++) {
                    outputs[i] *= factor;
                }
                results.write(outputs, to, band.plane, oy * g.outW(), g.outW());
            }
        });
    }

    private void takeAll(float[] image, Band band, int oy, float[] seen, float[] outputs, Step one) {
        for (int ky = 0; ky < g.kernelH(); ky++) {
            int y = row(oy, ky);
            for (int kx = 0; kx < g.kernelW() && inside(y); kx++) {
                int from = firstColumn(kx) * in.c();
                int to = endColumn(kx) * in.c();
                gather(image, pixel(y - band.firstRow, kx), seen, from, to);
                one.take(seen, outputs, from, to);
            }
        }
    }

    /** Gives the gradient of each output to the first pixel in its window that has the output's value. */
    static void maxGradient(Array x, Array out, Array dy, Geometry g, Array dx) {
        backward(CpuMemory.ints(x), CpuMemory.ints(out), dy, g, dx);
    }

    static void averageGradient(Array dy, Geometry g, Array dx) {
        Array shares = dy.allocateLike();
        CpuElementwise.map(dy, shares, CpuElementwise.scalar(Binary.MUL, share(g)));
        backward(null, null, shares, g, dx);
    }

    /**
     * Gives the gradient of each output to the pixels that it sees: on the bits of floats.
     *
     * @param x with {@code out}, only the first pixel that has the output's value is given it; null, all are
     */
    private static void backward(@Nullable IntBuffer x, @Nullable IntBuffer out, Array dy, Geometry g, Array dx) {
        int pixel = overlaps(g) ? 1 : PIXEL;
        Planes in = Planes.of(dx).joined(pixel);
        Planes results = Planes.of(dy).joined(pixel);
        CpuPooling pool = new CpuPooling(in, g);
        IntBuffer from = CpuMemory.ints(dy);
        IntBuffer to = CpuMemory.ints(dx);
        pool.eachBand(overlaps(g) ? 1 : pool.mostBands(), (s, band) -> {
            int pixels = band.rows() * in.w();
            int[] result = s.ints(0, pixels * in.c());
            int[] left = s.ints(1, pool.outRow);
            int[] seen = s.ints(2, pool.outRow);
            int[] image = x == null ? null : s.ints(3, pixels * in.c());
            int[] largest = s.ints(4, pool.outRow);
            Arrays.fill(result, 0, pixels * in.c(), 0);
            if (x != null && image != null) {
                in.read(x, band.plane, band.firstRow * in.w(), pixels, image);
            }
            for (int oy = band.first; oy < band.end; oy++) {
                results.read(from, band.plane, oy * g.outW(), g.outW(), left);
                if (out != null) {
                    results.read(out, band.plane, oy * g.outW(), g.outW(), largest);
                }
                pool.giveAll(image, largest, band, oy, seen, left, result);
            }
            in.write(result, to, band.plane, band.firstRow * in.w(), pixels);
        });
    }

    private void giveAll(
            int @Nullable [] image, int[] largest, Band band, int oy, int[] seen, int[] left, int[] result) {
        for (int ky = 0; ky < g.kernelH(); ky++) {
            int y = row(oy, ky);
            for (int kx = 0; kx < g.kernelW() && inside(y); kx++) {
                int from = firstColumn(kx) * in.c();
                int to = endColumn(kx) * in.c();
                int pixel = pixel(y - band.firstRow, kx);
                int[] given = left;
                if (image != null) {
                    gather(image, pixel, seen, from, to);
                    take(seen, largest, left, from, to);
                    given = seen;
                }
                if (overlaps(g)) {
                    add(given, from, to, result, pixel);
                } else {
                    scatter(given, from, to, result, pixel);
                }
            }
        }
    }

    /** Where a pixel is the largest, what is left of the gradient takes its place, and nothing is left; 0 elsewhere. */
    private static void take(int[] seen, int[] largest, int[] left, int from, int to) {
        for (int i = from; i < to; i++) {
            int difference = seen[i] ^ largest[i];
            // All ones where the bits are the same: only 0 has no sign bit in itself or its negative.
            int same = ~((difference | -difference) >> 31);
            seen[i] = left[i] & same;
            left[i] &= ~same;
        }
    }

    /**
     * Output rows {@code first} to {@code end} of a plane, and the rows of its image, from {@code firstRow} to
     * {@code endRow}, that they see or that no output sees.
     */
    private record Band(int plane, int first, int end, int firstRow, int endRow) {
        int rows() {
            return endRow - firstRow;
        }
    }

    private interface OfBand {
        void run(Scratch s, Band band);
    }

    /** So many that what a band reads stays in the caches. */
    private int mostBands() {
        return Math.min(g.outH(), (in.size() + NEAR - 1) / NEAR);
    }

    /** All planes in as many bands each; the first bands of all planes come first where they are neighbours in memory. */
    private void eachBand(int bands, OfBand body) {
        Workers.shared().run(in.n() * bands, Math.max(1, GRAIN * bands / in.size()), (part, from, to) -> {
            for (int i = from; i < to; i++) {
                body.run(
                        Scratch.get(),
                        in.woven() ? band(i % in.n(), i / in.n(), bands) : band(i / bands, i % bands, bands));
            }
        });
    }

    private Band band(int plane, int number, int bands) {
        int first = Workers.start(g.outH(), bands, number);
        int end = Workers.start(g.outH(), bands, number + 1);
        int firstRow = number == 0 ? 0 : Math.max(0, row(first, 0));
        int endRow = number == bands - 1 ? in.h() : Math.max(row(end, 0), row(end - 1, g.kernelH() - 1) + 1);
        return new Band(plane, first, end, firstRow, Math.min(in.h(), endRow));
    }

    private int row(int oy, int ky) {
        return oy * g.strideH() - g.padH() + ky * g.dilationH();
    }

    private boolean inside(int y) {
        return y >= 0 && y < in.h();
    }

    /** Where the kernel's column {@code kx} of output column 0 is in image row {@code y}; may lie before the row. */
    private int pixel(int y, int kx) {
        return (y * in.w() + kx * g.dilationW() - g.padW()) * in.c();
    }

    /** The first output column for which the kernel's column is inside the image. */
    private int firstColumn(int kx) {
        int before = g.padW() - kx * g.dilationW();
        return before <= 0 ? 0 : Math.min(g.outW(), (before + g.strideW() - 1) / g.strideW());
    }

    private int endColumn(int kx) {
        int last = in.w() - 1 + g.padW() - kx * g.dilationW();
        return last < 0 ? firstColumn(kx) : Math.max(firstColumn(kx), Math.min(g.outW(), last / g.strideW() + 1));
    }

    /** Puts the pixels of an output row side by side, for outputs {@code from} to {@code to}, counted in floats. */
    private void gather(float[] image, int pixel, float[] seen, int from, int to) {
        int c = in.c();
        if (c == 1) {
            CpuConvolution.gather(image, pixel + from * step, step, seen, from, to - from);
            return;
        }
        for (int i = from, p = pixel + from * g.strideW(); i < to; i += c, p += step) {
            if (c < CpuColumns.SHORT_PIECE) {
                for (int j = 0; j < c; j++) {
                    seen[i + j] = image[p + j];
                }
            } else {
                System.arraycopy(image, p, seen, i, c);
            }
        }
    }

    private void gather(int[] image, int pixel, int[] seen, int from, int to) {
        copy(image, pixel + from * g.strideW(), step, seen, from, in.c(), to - from);
    }

    private void scatter(int[] given, int from, int to, int[] result, int pixel) {
        copy(given, from, in.c(), result, pixel + from * g.strideW(), step, to - from);
    }

    /** Copies {@code length} numbers a pixel at a time; the pixels lie {@code fromStep} and {@code toStep} apart. */
    private void copy(int[] from, int at, int fromStep, int[] to, int toAt, int toStep, int length) {
        int c = in.c();
        if (c == 1) {
            for (int i = 0; i < length; i++) {
                to[toAt + i * toStep] = from[at + i * fromStep];
            }
            return;
        }
        for (int done = 0, f = at, t = toAt; done < length; done += c, f += fromStep, t += toStep) {
            if (c < CpuColumns.SHORT_PIECE) {
                for (int j = 0; j < c; j++) {
                    to[t + j] = from[f + j];
                }
            } else {
                System.arraycopy(from, f, to, t, c);
            }
        }
    }

    /** As {@link #scatter}, where a pixel may have been given something before. */
    private void add(int[] given, int from, int to, int[] result, int pixel) {
        int c = in.c();
        for (int i = from, p = pixel + from * g.strideW(); i < to; i += c, p += step) {
            for (int j = 0; j < c; j++) {
                float sum = Float.intBitsToFloat(result[p + j]) + Float.intBitsToFloat(given[i + j]);
                result[p + j] = Float.floatToRawIntBits(sum);
            }
        }
    }
}
