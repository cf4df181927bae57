package io.miniai.nn;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Adds rows and columns of zeros around an image {@code [N, C, H, W]}; negative numbers crop it. */
public final class ZeroPad2d extends ImageLayer {
    final int left;
    final int right;
    final int top;
    final int bottom;

    /** The same on all four sides. */
    public ZeroPad2d(int padding) {
        this(padding, padding, padding, padding);
    }

    /** Each side by itself, in PyTorch's order. */
    public ZeroPad2d(int left, int right, int top, int bottom) {
        this.left = left;
        this.right = right;
        this.top = top;
        this.bottom = bottom;
    }

    @Override
    Tensor image(Tensor x) {
        return x.pad(left, right, top, bottom);
    }

    @Override
    @Nullable
    String misfitOfGrid(int h, int w) {
        return h + top + bottom < 1 || w + left + right < 1 ? Messages.nothingLeft(h, w) : null;
    }

    @Override
    public Shape output(Shape in) {
        return Shape.of(in.dim(0), in.dim(1), in.dim(2) + top + bottom, in.dim(3) + left + right);
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField before, Shape in) {
        return before.throughPadding(top, left);
    }

    @Override
    public String label() {
        return left == right && left == top && left == bottom
                ? "ZeroPad2d(" + left + ")"
                : "ZeroPad2d(left " + left + ", right " + right + ", top " + top + ", bottom " + bottom + ")";
    }
}
