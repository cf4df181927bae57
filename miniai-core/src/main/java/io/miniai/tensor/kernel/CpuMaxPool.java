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
    private final CpuImages.Planes in;
    private final Geometry g;
    private final int outRow;

    /** From what one output sees to what the next one sees, in floats. */
    private final int step;

    private final boolean overlapping;

    private CpuMaxPool(CpuImages.Planes in, Geometry g) {
        this.in = in;
        this.g = g;
        outRow = g.outW() * in.c();
        step = g.strideW() * in.c();
        overlapping = g.dilationH() > 1 || g.dilationW() > 1 || g.kernelH() > g.strideH() || g.kernelW() > g.strideW();
    }

    static void forward(Array x, Geometry g, Array out) {
        CpuImages.Planes in = CpuImages.Planes.of(x);
        CpuMaxPool pool = new CpuMaxPool(in, g);
        CpuImages.Planes results = CpuImages.Planes.of(out);
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        Workers.shared().run(in.n(), in.grain(), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] image = s.floats(0, in.size());
            float[] largest = s.floats(1, pool.outRow);
            float[] seen = s.floats(2, pool.outRow);
            for (int n = first; n < end; n++) {
                in.read(from, n, 0, in.h() * in.w(), image);
                for (int oy = 0; oy < g.outH(); oy++) {
                    pool.largest(image, oy, seen, largest);
                    results.write(largest, to, n, oy * g.outW(), g.outW());
                }
            }
        });
    }

    private void largest(float[] image, int oy, float[] seen, float[] largest) {
        Arrays.fill(largest, 0, outRow, Float.NEGATIVE_INFINITY);
        for (int ky = 0; ky < g.kernelH(); ky++) {
            int y = row(oy, ky);
            for (int kx = 0; kx < g.kernelW() && inside(y); kx++) {
                int from = firstColumn(kx) * in.c();
                int to = endColumn(kx) * in.c();
                gather(image, pixel(y, kx), seen, from, to);
                for (int i = from; i < to; i++) {
                    largest[i] = Math.max(largest[i], seen[i]);
                }
            }
        }
    }

    /** Gives the gradient of each output to the first pixel in its window that has the output's value. */
    static void gradient(Array x, Array out, Array dy, Geometry g, Array dx) {
        CpuImages.Planes in = CpuImages.Planes.of(x);
        CpuMaxPool pool = new CpuMaxPool(in, g);
        CpuImages.Planes results = CpuImages.Planes.of(out);
        IntBuffer inputs = CpuMemory.ints(x);
        IntBuffer outputs = CpuMemory.ints(out);
        IntBuffer from = CpuMemory.ints(dy);
        IntBuffer to = CpuMemory.ints(dx);
        Workers.shared().run(in.n(), in.grain(), (part, first, end) -> {
            Scratch s = Scratch.get();
            int[] image = s.ints(0, in.size());
            int[] result = s.ints(1, in.size());
            int[] largest = s.ints(2, pool.outRow);
            int[] left = s.ints(3, pool.outRow);
            int[] seen = s.ints(4, pool.outRow);
            for (int n = first; n < end; n++) {
                in.read(inputs, n, 0, in.h() * in.w(), image);
                Arrays.fill(result, 0, in.size(), 0);
                for (int oy = 0; oy < g.outH(); oy++) {
                    results.read(outputs, n, oy * g.outW(), g.outW(), largest);
                    results.read(from, n, oy * g.outW(), g.outW(), left);
                    pool.shareOut(image, oy, largest, left, seen, result);
                }
                in.write(result, to, n, 0, in.h() * in.w());
            }
        });
    }

    /** On the bits of floats. {@code left} is the gradient that no pixel has taken yet. */
    private void shareOut(int[] image, int oy, int[] largest, int[] left, int[] seen, int[] result) {
        for (int ky = 0; ky < g.kernelH(); ky++) {
            int y = row(oy, ky);
            for (int kx = 0; kx < g.kernelW() && inside(y); kx++) {
                int from = firstColumn(kx) * in.c();
                int to = endColumn(kx) * in.c();
                gather(image, pixel(y, kx), seen, from, to);
                for (int i = from; i < to; i++) {
                    int difference = seen[i] ^ largest[i];
                    // All ones where the bits are the same: only 0 has no sign bit in itself or its negative.
                    int same = ~((difference | -difference) >> 31);
                    seen[i] = left[i] & same;
                    left[i] &= ~same;
                }
                if (overlapping) {
                    add(seen, from, to, result, pixel(y, kx));
                } else {
                    scatter(seen, from, to, result, pixel(y, kx));
                }
            }
        }
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
