package io.miniai.nn;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The mean of each channel over the whole image: {@code [N, C, H, W]} to {@code [N, C]}, ready for {@link Linear}. */
public final class GlobalAvgPool2d extends ImageLayer {
    @Override
    Tensor image(Tensor x) {
        return x.globalAvgPool2d().flatten(1);
    }

    @Override
    @Nullable
    String misfitOfGrid(int h, int w) {
        return null;
    }

    @Override
    public Shape output(Shape in) {
        return Shape.of(in.dim(0), in.dim(1));
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField before, Shape in) {
        return before.flattened(in.dim(2), in.dim(3)).mixed();
    }
}
