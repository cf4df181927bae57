package io.miniai.nn;

import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;

/** The largest value of each window, per channel; padding never wins: {@code [N, C, H, W]} to {@code [N, C, H', W']}. */
public final class MaxPool2d extends WindowLayer {
    /** Square windows side by side: the stride is the kernel's size. */
    public MaxPool2d(int kernel) {
        this(Window.of(kernel).withStride(kernel));
    }

    /**
     * Any window.
     *
     * @throws IllegalArgumentException when the padding is more than half of the kernel
     */
    public MaxPool2d(Window window) {
        super(Messages.poolWindow(window));
    }

    @Override
    Tensor image(Tensor x) {
        return x.maxPool2d(window());
    }

    @Override
    public String label() {
        return "MaxPool2d(" + Messages.window(window()) + ")";
    }
}
