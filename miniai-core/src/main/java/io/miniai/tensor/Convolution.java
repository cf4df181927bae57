package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Geometry;
import org.jspecify.annotations.Nullable;

/** Convolution, and the unfolding it stands on, with their gradients. */
final class Convolution {
    private Convolution() {}

    static Tensor unfold(Tensor x, Window w) {
        if (x.rank() != 4) {
            return unfold(Images.batched(x), w).squeeze(0);
        }
        x.needFloat("unfold");
        Geometry g = Images.geometry("unfold", x.shape(), w);
        Array columns = Array.allocate(x.dtype().nd(), g.n(), g.patch(), g.positions());
        kernels().unfold(x.rowMajor(), g, columns);
        return Tape.record("unfold", new Tensor(columns), dy -> new Tensor[] {fold(dy, g)}, x);
    }

    static Tensor fold(Tensor columns, int height, int width, Window w) {
        if (columns.rank() == 2) {
            return fold(columns.unsqueeze(0), height, width, w).squeeze(0);
        }
        columns.needFloat("fold");
        int window = w.kernelH() * w.kernelW();
        long positions = (long) Math.max(0, w.outH(height)) * Math.max(0, w.outW(width));
        if (columns.rank() != 3 || columns.size(1) % window != 0 || columns.size(2) != positions) {
            throw new ShapeException("Expected columns [n, c·%d, %d] for an image of %d×%d with %s; got %s."
                    .formatted(window, positions, height, width, w, columns.shape()));
        }
        Shape image = Shape.of(columns.size(0), columns.size(1) / window, height, width);
        return fold(columns, Images.geometry("fold", image, w));
    }

    private static Tensor fold(Tensor columns, Geometry g) {
        Array in = columns.rowMajor();
        Array out = Array.allocate(in.type(), g.n(), g.c(), g.h(), g.w());
        kernels().fold(in, g, out);
        return Tape.record(
                "fold",
                new Tensor(out),
                dy -> {
                    Array back = in.allocateLike();
                    kernels().unfold(dy.rowMajor(), g, back);
                    return new Tensor[] {new Tensor(back)};
                },
                columns);
    }

    static Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias, Window w) {
        if (x.rank() != 4) {
            return conv2d(Images.batched(x), weight, bias, w).squeeze(0);
        }
        if (weight.rank() != 4 || x.size(1) != weight.size(1)) {
            throw new ShapeException("Expected images [N, C, H, W] and a weight [out, C, %d, %d]; got %s and %s."
                    .formatted(w.kernelH(), w.kernelW(), x.shape(), weight.shape()));
        }
        if (weight.size(2) != w.kernelH() || weight.size(3) != w.kernelW()) {
            throw new ShapeException("Expected a weight [out, %d, %d, %d] for %s; got %s."
                    .formatted(x.size(1), w.kernelH(), w.kernelW(), w, weight.shape()));
        }
        Products.checkParameters("conv2d", x, weight, bias);
        Geometry g = Images.geometry("conv2d", x.shape(), w);
        Tensor images = x;
        if (x.pending() instanceof PendingImage p && p.goesInto(g) && !x.isLeafWithGrad()) {
            images = x.requiresGrad() || !p.source().requiresGrad()
                    ? p.source()
                    : p.source().detach();
            g = p.taking(g);
        }
        PendingConv conv = new PendingConv(images, weight, bias, g);
        return conv.recorded(new Tensor(conv), null);
    }
}
