package io.miniai.nn;

import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;

/** The mean of each window, per channel; padding counts as zeros, as in PyTorch: {@code [N, C, H, W]} to {@code [N, C, H', W']}. */
public final class AvgPool2d extends WindowLayer {
    /** Square windows side by side: the stride is the kernel's size. */
    public AvgPool2d(int kernel) {
        this(Window.of(kernel).withStride(kernel));
    }

    /**
     * Any window.
     *
     * @throws IllegalArgumentException when the padding is more than half of the kernel
     */
    public AvgPool2d(Window window) {
        super(Messages.poolWindow(window));
    }

    @Override
    Tensor image(Tensor x) {
        return x.avgPool2d(window());
    }

    @Override
    public String label() {
        return "AvgPool2d(" + Messages.window(window()) + ")";
    }
}
