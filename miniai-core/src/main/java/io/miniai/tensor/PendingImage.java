package io.miniai.tensor;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Geometry;
import io.miniai.tensor.kernel.Order;
import java.util.function.Function;

/** Images, upsampled or padded with zeros, that wait for a convolution: it can do that while it reads them. */
final class PendingImage extends Pending {
    private final Tensor source;
    private final Shape shape;
    private final int upsample;
    private final int padH;
    private final int padW;
    private final Function<Tensor, Array> compute;
    private final int version;

    private PendingImage(
            Tensor source, Shape shape, int upsample, int padH, int padW, Function<Tensor, Array> compute) {
        this.source = source;
        this.shape = shape;
        this.upsample = upsample;
        this.padH = padH;
        this.padW = padW;
        this.compute = compute;
        version = source.version();
    }

    static PendingImage upsampled(Tensor source, int scale, Function<Tensor, Array> compute) {
        int[] d = source.dims();
        return new PendingImage(source, Shape.of(d[0], d[1], d[2] * scale, d[3] * scale), scale, 0, 0, compute);
    }

    static PendingImage padded(Tensor source, int padH, int padW, Function<Tensor, Array> compute) {
        int[] d = source.dims();
        return new PendingImage(source, Shape.of(d[0], d[1], d[2] + 2 * padH, d[3] + 2 * padW), 1, padH, padW, compute);
    }

    @Override
    Shape shape() {
        return shape;
    }

    @Override
    DType dtype() {
        return source.dtype();
    }

    @Override
    Array computed(Order wanted) {
        checkUnchanged();
        return compute.apply(source);
    }

    /** What the convolution reads instead. */
    Tensor source() {
        checkUnchanged();
        return source;
    }

    /** Whether a convolution that would slide over this can do it on the way. */
    boolean goesInto(Geometry g) {
        return upsample == 1 || (g.strideH() == 1 && g.strideW() == 1);
    }

    /** The convolution that does. */
    Geometry taking(Geometry g) {
        if (upsample > 1) {
            return g.upsampling(upsample);
        }
        int[] d = source.dims();
        return new Geometry(
                g.n(),
                g.c(),
                d[2],
                d[3],
                g.kernelH(),
                g.kernelW(),
                g.strideH(),
                g.strideW(),
                g.padH() + padH,
                g.padW() + padW,
                g.dilationH(),
                g.dilationW(),
                g.outH(),
                g.outW());
    }

    private void checkUnchanged() {
        if (source.version() != version) {
            throw new IllegalStateException("The images " + shape + " were first read after what they are made of had"
                    + " been changed by an optimizer, so they were never computed. Fix: read or keep() them before"
                    + " step().");
        }
    }
}
