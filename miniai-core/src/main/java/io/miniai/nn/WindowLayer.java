package io.miniai.nn;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Window;
import org.jspecify.annotations.Nullable;

/** What convolution and pooling have in common: a window that slides over the image. */
abstract class WindowLayer extends ImageLayer {
    private final Window window;

    WindowLayer(Window window) {
        this.window = window;
    }

    /** The sliding window. */
    public final Window window() {
        return window;
    }

    /** The channels of the output for an input of {@code channels}. */
    int channelsOut(int channels) {
        return channels;
    }

    @Override
    final @Nullable String misfitOfGrid(int h, int w) {
        return window.outH(h) < 1 || window.outW(w) < 1 ? Messages.tooSmall(window, h, w) : null;
    }

    @Override
    public final Shape output(Shape in) {
        return Shape.of(in.dim(0), channelsOut(in.dim(1)), window.outH(in.dim(2)), window.outW(in.dim(3)));
    }

    @Override
    public final ReceptiveField receptiveField(ReceptiveField before, Shape in) {
        return before.through(window);
    }
}
