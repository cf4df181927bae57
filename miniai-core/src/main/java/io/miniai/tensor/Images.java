package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Geometry;
import io.miniai.tensor.kernel.Order;

/** Pooling and upsampling of images, with their gradients. */
final class Images {
    private Images() {}

    static Tensor maxPool2d(Tensor x, Window w) {
        return pool("maxPool2d", x, w, kernels()::maxPool2d, kernels()::maxPool2dGrad);
    }

    static Tensor avgPool2d(Tensor x, Window w) {
        return pool(
                "avgPool2d",
                x,
                w,
                kernels()::avgPool2d,
                (in, out, dy, g, dx) -> kernels().avgPool2dGrad(dy, g, dx));
    }

    private interface Pooling {
        void run(Array x, Geometry g, Array out);
    }

    private interface PoolingGradient {
        void run(Array x, Array out, Array dy, Geometry g, Array dx);
    }

    private static Tensor pool(String op, Tensor x, Window w, Pooling forward, PoolingGradient backward) {
        if (x.rank() != 4) {
            return pool(op, batched(x), w, forward, backward).squeeze(0);
        }
        x.needFloat(op);
        checkPoolPadding(w);
        Geometry g = geometry(op, x.shape(), w);
        Array in = x.array();
        Array out = Array.allocateImage(in.type(), in.order(), g.n(), g.c(), g.outH(), g.outW());
        forward.run(in, g, out);
        return Tape.record(
                op,
                new Tensor(out),
                dy -> {
                    Array dx = in.allocateLike();
                    backward.run(in, out, dy.arrayLike(out), g, dx);
                    return new Tensor[] {new Tensor(dx)};
                },
                x);
    }

    static Tensor globalAvgPool2d(Tensor x) {
        if (x.rank() != 4) {
            return globalAvgPool2d(batched(x)).squeeze(0);
        }
        if (x.array().order() == Order.ROW_MAJOR) {
            return x.flatten(2).mean(2, true).unsqueeze(3); // each channel's pixels are one row
        }
        return avgPool2d(x, Window.of(x.size(2), x.size(3)));
    }

    static Tensor upsampleNearest2d(Tensor x, int scale) {
        if (x.rank() != 4) {
            return upsampleNearest2d(batched(x), scale).squeeze(0);
        }
        if (scale < 1) {
            throw new IllegalArgumentException("Expected a scale of at least 1; got " + scale + ".");
        }
        x.needFloat("upsampleNearest2d");
        return Tape.record(
                "upsampleNearest2d",
                new Tensor(PendingImage.upsampled(x, scale, images -> upsampled(images.array(), scale))),
                dy -> {
                    Array dx = x.array().allocateLike();
                    kernels().upsampleNearest2dGrad(dy.arrayLike(dx), scale, dx);
                    return new Tensor[] {new Tensor(dx)};
                },
                x);
    }

    private static Array upsampled(Array in, int scale) {
        Array out = Array.allocateImage(
                in.type(), in.order(), in.size(0), in.size(1), in.size(2) * scale, in.size(3) * scale);
        kernels().upsampleNearest2d(in, scale, out);
        return out;
    }

    /** [H, W] and [C, H, W] as [1, C, H, W]. */
    static Tensor batched(Tensor x) {
        return switch (x.rank()) {
            case 2 -> x.reshape(1, 1, x.size(0), x.size(1));
            case 3 -> x.unsqueeze(0);
            default ->
                throw new ShapeException("Expected images [N, C, H, W], [C, H, W] or [H, W]; got " + x.shape() + ".");
        };
    }

    static Geometry geometry(String op, Shape x, Window w) {
        int[] d = x.dims();
        int outH = w.outH(d[2]);
        int outW = w.outW(d[3]);
        if (outH < 1 || outW < 1) {
            throw new ShapeException(
                    ("Expected a window that fits into the padded image for %s; got %s over %d×%d (padded %d×%d)."
                                    + " Fix: a smaller kernel or dilation, or more padding.")
                            .formatted(op, w, d[2], d[3], d[2] + 2 * w.padH(), d[3] + 2 * w.padW()));
        }
        return new Geometry(
                d[0],
                d[1],
                d[2],
                d[3],
                w.kernelH(),
                w.kernelW(),
                w.strideH(),
                w.strideW(),
                w.padH(),
                w.padW(),
                w.dilationH(),
                w.dilationW(),
                outH,
                outW);
    }

    private static void checkPoolPadding(Window w) {
        if (w.padH() > w.kernelH() / 2 || w.padW() > w.kernelW() / 2) {
            throw new IllegalArgumentException(
                    "Expected padding of at most half the kernel in pooling; got " + w + ".");
        }
    }
}
