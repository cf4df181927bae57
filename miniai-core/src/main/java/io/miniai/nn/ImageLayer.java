package io.miniai.nn;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What layers on images {@code [N, C, H, W]} have in common. */
abstract class ImageLayer extends Module implements ShapeRule {
    ImageLayer() {}

    /** The channels it takes, or 0 for any. */
    int channelsIn() {
        return 0;
    }

    abstract Tensor image(Tensor x);

    /** As {@link #misfit}, for images with fitting channels. */
    abstract @Nullable String misfitOfGrid(int h, int w);

    @Override
    protected final Tensor forward(Tensor x) {
        // The ops below would take one picture for a batch; a model is given batches only.
        if (x.rank() != 4) {
            throw Messages.misfit(this, x.shape(), Messages.notImages(x.shape(), channelsIn()));
        }
        return image(x);
    }

    @Override
    public final @Nullable String misfit(Shape in) {
        if (in.rank() != 4) {
            return Messages.notImages(in, channelsIn());
        }
        if (channelsIn() > 0 && in.dim(1) != channelsIn()) {
            return Messages.channels(this, in);
        }
        return misfitOfGrid(in.dim(2), in.dim(3));
    }
}
