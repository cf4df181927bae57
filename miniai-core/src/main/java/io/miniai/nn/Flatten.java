package io.miniai.nn;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Lays out each sample as one row of features: {@code [N, C, H, W]} to {@code [N, C·H·W]}, channel by channel. */
public final class Flatten extends Module implements ShapeRule {
    @Override
    protected Tensor forward(Tensor x) {
        return x.rank() == 2 ? x : x.flatten(1);
    }

    @Override
    public @Nullable String misfit(Shape in) {
        return in.rank() < 2 ? "It needs a batch [N, …]. Use x.unsqueeze(0) for one sample." : null;
    }

    @Override
    public Shape output(Shape in) {
        return Shape.of(in.dim(0), Math.toIntExact(in.numel() / in.dim(0)));
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField before, Shape in) {
        return in.rank() == 4 ? before.flattened(in.dim(2), in.dim(3)) : before;
    }
}
