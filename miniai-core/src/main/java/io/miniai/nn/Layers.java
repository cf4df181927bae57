package io.miniai.nn;

import io.miniai.nn.ConvOption.Choice;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Window;

/**
 * The lesson's two building blocks, for static import: {@code conv(1, 4)}, {@code deconv(4, 1, act(false))}.
 */
public final class Layers {
    private Layers() {}

    /**
     * A convolution with padding {@code ks / 2}, followed by ReLU: halves the image, {@code [N, ni, H, W]} to
     * {@code [N, nf, ⌈H/2⌉, ⌈W/2⌉]}.
     *
     * @param ni channels of the input
     * @param nf channels of the output
     * @param options kernel size {@link #ks} (3), {@link #stride} (2), {@link #act} (true)
     * @return {@code Sequential(Conv2d, ReLU)}; the bare {@link Conv2d} with {@code act(false)}, so that names
     *     are those of the same model in PyTorch
     */
    public static Module conv(int ni, int nf, ConvOption... options) {
        Choice c = new Choice(options);
        Conv2d conv = conv2d(ni, nf, c, c.stride);
        return c.act ? Sequential.of(conv, new ReLU()) : conv;
    }

    /**
     * Nearest-neighbour upsampling by 2, a convolution with stride 1 and padding {@code ks / 2}, and ReLU: doubles
     * the image, {@code [N, ni, H, W]} to {@code [N, nf, 2H, 2W]}.
     *
     * @param ni channels of the input
     * @param nf channels of the output
     * @param options kernel size {@link #ks} (3), {@link #act} (true)
     * @throws IllegalArgumentException for {@link #stride}: it always doubles
     */
    public static Sequential deconv(int ni, int nf, ConvOption... options) {
        for (ConvOption o : options) {
            if (o.name().equals("stride")) {
                throw new IllegalArgumentException(
                        "deconv always doubles the image and takes no stride. Leave stride(…) out.");
            }
        }
        Choice c = new Choice(options);
        UpsampleNearest2d up = new UpsampleNearest2d(2);
        Conv2d conv = conv2d(ni, nf, c, 1);
        return c.act ? Sequential.of(up, conv, new ReLU()) : Sequential.of(up, conv);
    }

    private static Conv2d conv2d(int ni, int nf, Choice c, int stride) {
        return new Conv2d(ni, nf, Window.of(c.kernel).withStride(stride).withPadding(c.kernel / 2), true, c.rng());
    }

    /** Whether a ReLU follows (true by default). */
    public static ConvOption act(boolean on) {
        return new ConvOption("act", c -> c.act = on);
    }

    /** The kernel's size (3 by default). */
    public static ConvOption ks(int kernel) {
        return new ConvOption("ks", c -> c.kernel = kernel);
    }

    /** The stride (2 by default). */
    public static ConvOption stride(int stride) {
        return new ConvOption("stride", c -> c.stride = stride);
    }

    /** The generator that the parameters are drawn from (the next of {@link Init} by default). */
    public static ConvOption rng(Rng rng) {
        return new ConvOption("rng", c -> c.rng = rng);
    }
}
