package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Max-pooling of float32 images, an output row at a time.
 *
 * <p>For each place in the kernel, the pixels that it sees over a whole output row are put side by side; then all
 * steps are loops over long arrays at one index, without a branch, which the JIT vectorises. Asking window by window
 * which of its pixels was the largest costs ten times as much: no processor can foresee the answer.
 */
final class CpuMaxPool {
    /** Numbers of a pixel that are worked on together. */
    private static final int PIXEL = 512;

    /** About how many numbers of an image are read at a time. */
    private static final int NEAR = 16 * 1024;

    /** Fewer numbers than this are not worth waking a worker for. */
    private static final int GRAIN = 32 * 1024;

    private final CpuImages.Planes in;
    private final Geometry g;
    private final int inRow;
    private final int outRow;

    /** From what one output sees to what the next one sees, in floats. */
    private final int step;

    private CpuMaxPool(CpuImages.Planes in, Geometry g) {
        this.in = in;
        this.g = g;
        inRow = in.w() * in.c();
        outRow = g.outW() * in.c();
        step = g.strideW() * in.c();
    }

    /** Whether a pixel may be seen by several windows. */
    private static boolean overlaps(Geometry g) {
        return g.dilationH() > 1 || g.dilationW() > 1 || g.kernelH() > g.strideH() || g.kernelW() > g.strideW();
    }

    static void forward(Array x, Geometry g, Array out) {
        CpuImages.Planes in = CpuImages.Planes.of(x).joined(PIXEL);
        CpuImages.Planes results = CpuImages.Planes.of(out).joined(PIXEL);
        CpuMaxPool pool = new CpuMaxPool(in, g);
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        pool.eachBand(pool.mostBands(), (s, band) -> {
            float[] image = s.floats(0, band.rows() * pool.inRow);
            float[] largest = s.floats(1, pool.outRow);
            float[] seen = s.floats(2, pool.outRow);
            in.read(from, band.plane, band.firstRow * in.w(), band.rows() * in.w(), image);
            for (int oy = band.first; oy < band.end; oy++) {
                pool.largest(image, band, oy, seen, largest);
                results.write(largest, to, band.plane, oy * g.outW(), g.outW());
            }
        });
    }

    private void largest(float[] image, Band band, int oy, float[] seen, float[] largest) {
        Arrays.fill(largest, 0, outRow, Float.NEGATIVE_INFINITY);
        for (int ky = 0; ky < g.kernelH(); ky++) {
            int y = row(oy, ky);
            for (int kx = 0; kx < g.kernelW() && inside(y); kx++) {
                int from = firstColumn(kx) * in.c();
                int to = endColumn(kx) * in.c();
                gather(image, pixel(y - band.firstRow, kx), seen, from, to);
                for (int i = from; i < to; i++) {
                    largest[i] = Math.max(largest[i], seen[i]);
                }
            }
        }
    }

    /** Gives the gradient of each output to the first pixel in its window that has the output's value. */
    static void gradient(Array x, Array out, Array dy, Geometry g, Array dx) {
        int pixel = overlaps(g) ? 1 : PIXEL;
        CpuImages.Planes in = CpuImages.Planes.of(x).joined(pixel);
        CpuImages.Planes results = CpuImages.Planes.of(out).joined(pixel);
        CpuMaxPool pool = new CpuMaxPool(in, g);
        IntBuffer inputs = CpuMemory.ints(x);
        IntBuffer outputs = CpuMemory.ints(out);
        IntBuffer from = CpuMemory.ints(dy);
        IntBuffer to = CpuMemory.ints(dx);
        pool.eachBand(overlaps(g) ? 1 : pool.mostBands(), (s, band) -> {
            int size = band.rows() * pool.inRow;
            int[] image = s.ints(0, size);
            int[] result = s.ints(1, size);
            int[] largest = s.ints(2, pool.outRow);
            int[] left = s.ints(3, pool.outRow);
            int[] seen = s.ints(4, pool.outRow);
            in.read(inputs, band.plane, band.firstRow * in.w(), band.rows() * in.w(), image);
            Arrays.fill(result, 0, size, 0);
            for (int oy = band.first; oy < band.end; oy++) {
                results.read(outputs, band.plane, oy * g.outW(), g.outW(), largest);
                results.read(from, band.plane, oy * g.outW(), g.outW(), left);
                pool.shareOut(image, band, oy, largest, left, seen, result);
            }
            in.write(result, to, band.plane, band.firstRow * in.w(), band.rows() * in.w());
        });
    }

    /** On the bits of floats. {@code left} is the gradient that no pixel has taken yet. */
    private void shareOut(int[] image, Band band, int oy, int[] largest, int[] left, int[] seen, int[] result) {
        for (int ky = 0; ky < g.kernelH(); ky++) {
            int y = row(oy, ky);
            for (int kx = 0; kx < g.kernelW() && inside(y); kx++) {
                int from = firstColumn(kx) * in.c();
                int to = endColumn(kx) * in.c();
                int pixel = pixel(y - band.firstRow, kx);
                gather(image, pixel, seen, from, to);
                for (int i = from; i < to; i++) {
                    int difference = seen[i] ^ largest[i];
                    // All ones where the bits are the same: only 0 has no sign bit in itself or its negative.
                    int same = ~((difference | -difference) >> 31);
                    seen[i] = left[i] & same;
                    left[i] &= ~same;
                }
                if (overlaps(g)) {
                    add(seen, from, to, result, pixel);
                } else {
                    scatter(seen, from, to, result, pixel);
                }
            }
        }
    }

    /** Output rows {@code first} to {@code end} of a plane, and the rows of its image, from {@code firstRow} on, that they see or that nobody does. */
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

    /** All planes in as many bands each; the first bands of all planes come first where these lie side by side in memory. */
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
