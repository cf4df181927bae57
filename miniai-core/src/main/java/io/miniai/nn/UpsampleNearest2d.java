package io.miniai.nn;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Makes images larger by repeating every pixel: {@code [N, C, H, W]} to {@code [N, C, scale·H, scale·W]}. */
public final class UpsampleNearest2d extends ImageLayer {
    final int scale;

    /** @throws IllegalArgumentException when {@code scale} is below 1 */
    public UpsampleNearest2d(int scale) {
        this.scale = Messages.atLeast(1, scale, "scale of UpsampleNearest2d");
    }

    @Override
    Tensor image(Tensor x) {
        return x.upsampleNearest2d(scale);
    }

    @Override
    @Nullable
    String misfitOfGrid(int h, int w) {
        return null;
    }

    @Override
    public Shape output(Shape in) {
        return Shape.of(in.dim(0), in.dim(1), scale * in.dim(2), scale * in.dim(3));
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField before, Shape in) {
        return before.throughUpsampling(scale);
    }

    @Override
    public String label() {
        return "UpsampleNearest2d(" + scale + ")";
    }
}
