package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The patches of a sliding window over some images of a batch, to and from columns: one strided copy for each
 * kernel position. That is five times as fast as ND4J's im2col, which looks at each value by itself.
 */
final class Patches {
    private final Geometry g;
    private final int firstImage;
    private final int images;

    Patches(Geometry g, int firstImage, int images) {
        this.g = g;
        this.firstImage = firstImage;
        this.images = images;
    }

    /** Where columns are in memory: how far apart images, channels and kernel positions are; pixels are neighbours. */
    record Columns(Array memory, long image, long channel, long kernel) {
        /** {@code [n, c·kh·kw, positions]}. */
        static Columns ofEachImage(Array memory, Geometry g) {
            return new Columns(memory, (long) g.patch() * g.positions(), channel(g, g.positions()), g.positions());
        }

        /** A matrix {@code [c·kh·kw, images·positions]}. */
        static Columns matrix(Array memory, Geometry g) {
            return new Columns(memory, g.positions(), channel(g, memory.size(1)), memory.size(1));
        }

        private static long channel(Geometry g, long kernel) {
            return (long) g.kernelH() * g.kernelW() * kernel;
        }
    }

    void unfold(Array x, Columns columns) {
        if (g.padH() != 0 || g.padW() != 0) {
            PortableMemory.fill(columns.memory, 0);
        }
        for (int kh = 0; kh < g.kernelH(); kh++) {
            for (int kw = 0; kw < g.kernelW(); kw++) {
                Overlap o = overlap(kh, kw);
                if (!o.isEmpty()) {
                    Ops.assign(pixels(x, o, kh, kw), column(columns, o, kh, kw));
                }
            }
        }
    }

    /**
     * Sums columns into x. Kernel positions that never meet the same pixel are copied into one plane, and the
     * planes added: ND4J adds strided values twenty times slower than it copies them.
     */
    void fold(Columns columns, Array x) {
        INDArray sum = plane(x);
        int planesH = planes(g.kernelH(), g.strideH(), g.dilationH());
        int planesW = planes(g.kernelW(), g.strideW(), g.dilationW());
        Array next = planesH * planesW > 1 ? x.allocateLike() : x;
        for (int i = 0; i < planesH * planesW; i++) {
            Array target = i == 0 ? x : next;
            Ops.fill(plane(target), 0);
            copyPlane(columns, target, i / planesW, i % planesW);
            if (i > 0) {
                Ops.run("add", new INDArray[] {sum, plane(next)}, sum);
            }
        }
    }

    private void copyPlane(Columns columns, Array target, int planeH, int planeW) {
        for (int kh = 0; kh < g.kernelH(); kh++) {
            for (int kw = 0; kw < g.kernelW(); kw++) {
                Overlap o = overlap(kh, kw);
                boolean here = planeOf(kh, g.strideH(), g.dilationH()) == planeH
                        && planeOf(kw, g.strideW(), g.dilationW()) == planeW;
                if (here && !o.isEmpty()) {
                    Ops.assign(column(columns, o, kh, kw), pixels(target, o, kh, kw));
                }
            }
        }
    }

    /** How many kernel positions before k meet the same pixels: their distance is a multiple of the stride. */
    private static int planeOf(int k, int stride, int dilation) {
        int before = 0;
        for (int i = 0; i < k; i++) {
            if ((k - i) * dilation % stride == 0) {
                before++;
            }
        }
        return before;
    }

    private static int planes(int kernel, int stride, int dilation) {
        int most = 0;
        for (int k = 0; k < kernel; k++) {
            most = Math.max(most, planeOf(k, stride, dilation));
        }
        return most + 1;
    }

    /** The images as one row. */
    private INDArray plane(Array x) {
        long image = (long) g.c() * g.h() * g.w();
        return x.part(firstImage * image, new long[] {images * image}, new long[] {1});
    }

    /** The output rows and columns, end exclusive, at which a kernel position is inside the image. */
    private record Overlap(int top, int bottom, int left, int right) {
        boolean isEmpty() {
            return top >= bottom || left >= right;
        }
    }

    private Overlap overlap(int kh, int kw) {
        int fromTop = kh * g.dilationH() - g.padH();
        int fromLeft = kw * g.dilationW() - g.padW();
        return new Overlap(
                Math.max(0, -Math.floorDiv(fromTop, g.strideH())),
                Math.min(g.outH(), Math.floorDiv(g.h() - 1 - fromTop, g.strideH()) + 1),
                Math.max(0, -Math.floorDiv(fromLeft, g.strideW())),
                Math.min(g.outW(), Math.floorDiv(g.w() - 1 - fromLeft, g.strideW()) + 1));
    }

    private INDArray pixels(Array x, Overlap o, int kh, int kw) {
        long[] s = x.strides();
        long row = (long) o.top * g.strideH() + (long) kh * g.dilationH() - g.padH();
        long column = (long) o.left * g.strideW() + (long) kw * g.dilationW() - g.padW();
        long offset = firstImage * s[0] + row * s[2] + column * s[3];
        return x.part(offset, sizes(o), new long[] {s[0], s[1], s[2] * g.strideH(), s[3] * g.strideW()});
    }

    private INDArray column(Columns c, Overlap o, int kh, int kw) {
        long offset = (kh * g.kernelW() + kw) * c.kernel + (long) o.top * g.outW() + o.left;
        return c.memory.part(offset, sizes(o), new long[] {c.image, c.channel, g.outW(), 1});
    }

    private long[] sizes(Overlap o) {
        return new long[] {images, g.c(), o.bottom - o.top, o.right - o.left};
    }
}
