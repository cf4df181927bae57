package io.miniai.nn;

import io.miniai.tensor.Rng;
import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import org.jspecify.annotations.Nullable;

/**
 * Convolution (cross-correlation, as in PyTorch): {@code [N, in, H, W]} to {@code [N, out, H', W']} with any
 * kernel, stride, padding and dilation. Parameters as in PyTorch: {@code weight [out, in, kH, kW]}, {@code bias [out]}.
 */
public final class Conv2d extends WindowLayer {
    final int in;
    final int out;
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /** A square kernel with stride 1, no padding, with bias. */
    public Conv2d(int in, int out, int kernel) {
        this(in, out, Window.of(kernel));
    }

    /** Any window, with bias: {@code new Conv2d(1, 4, Window.of(3).withStride(2).withPadding(1))}. */
    public Conv2d(int in, int out, Window window) {
        this(in, out, window, true);
    }

    /** Any window, with or without bias. */
    public Conv2d(int in, int out, Window window, boolean bias) {
        this(in, out, window, bias, Init.rng());
    }

    /**
     * With the generator that the parameters are drawn from.
     *
     * @throws IllegalArgumentException when {@code in} or {@code out} is below 1
     */
    public Conv2d(int in, int out, Window window, boolean bias, Rng rng) {
        super(window);
        this.in = Messages.atLeast(1, in, "input channels of Conv2d");
        this.out = Messages.atLeast(1, out, "output channels of Conv2d");
        this.weight = parameter("weight", Init.weight(rng, out, in, window.kernelH(), window.kernelW()));
        this.bias = bias ? parameter("bias", Init.bias(rng, in * window.kernelH() * window.kernelW(), out)) : null;
    }

    /** {@code [out, in, kH, kW]}. */
    public Tensor weight() {
        return weight;
    }

    /** {@code [out]}, or null without bias. */
    public @Nullable Tensor bias() {
        return bias;
    }

    @Override
    Tensor image(Tensor x) {
        return x.conv2d(weight, bias, window());
    }

    @Override
    int channelsIn() {
        return in;
    }

    @Override
    int channelsOut(int channels) {
        return out;
    }

    @Override
    public long multiplyAdds(Shape s) {
        return output(s).numel() * in * window().kernelH() * window().kernelW();
    }

    @Override
    public String label() {
        return "Conv2d(" + in + "→" + out + ", " + Messages.window(window()) + (bias == null ? ", no bias" : "") + ")";
    }
}
