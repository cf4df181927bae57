package io.miniai.tensor;

/**
 * A window that slides over an image, as in convolution and pooling: its kernel, stride, padding (zeros on
 * both sides alike) and dilation (distance of neighbouring kernel elements), each for height and width.
 */
public record Window(
        int kernelH, int kernelW, int strideH, int strideW, int padH, int padW, int dilationH, int dilationW) {

    /** @throws IllegalArgumentException when kernel, stride or dilation is below 1, or padding below 0 */
    public Window {
        atLeast("kernel", 1, kernelH, kernelW);
        atLeast("stride", 1, strideH, strideW);
        atLeast("padding", 0, padH, padW);
        atLeast("dilation", 1, dilationH, dilationW);
    }

    /** A square kernel with stride 1, no padding, no dilation. */
    public static Window of(int kernel) {
        return of(kernel, kernel);
    }

    /** A kernel of this height and width with stride 1, no padding, no dilation. */
    public static Window of(int kernelH, int kernelW) {
        return new Window(kernelH, kernelW, 1, 1, 0, 0, 1, 1);
    }

    public Window withStride(int stride) {
        return withStride(stride, stride);
    }

    public Window withStride(int h, int w) {
        return new Window(kernelH, kernelW, h, w, padH, padW, dilationH, dilationW);
    }

    public Window withPadding(int padding) {
        return withPadding(padding, padding);
    }

    public Window withPadding(int h, int w) {
        return new Window(kernelH, kernelW, strideH, strideW, h, w, dilationH, dilationW);
    }

    public Window withDilation(int dilation) {
        return withDilation(dilation, dilation);
    }

    public Window withDilation(int h, int w) {
        return new Window(kernelH, kernelW, strideH, strideW, padH, padW, h, w);
    }

    /** The number of positions over this height: {@code ⌊(h + 2·pad − dilation·(kernel − 1) − 1) / stride⌋ + 1}; below 1 when it does not fit. */
    public int outH(int h) {
        return Math.floorDiv(h + 2 * padH - dilationH * (kernelH - 1) - 1, strideH) + 1;
    }

    /** The number of positions over this width, as {@link #outH}. */
    public int outW(int w) {
        return Math.floorDiv(w + 2 * padW - dilationW * (kernelW - 1) - 1, strideW) + 1;
    }

    private static void atLeast(String what, int least, int h, int w) {
        if (h < least || w < least) {
            throw new IllegalArgumentException("Expected a %s of at least %d; got %d×%d.".formatted(what, least, h, w));
        }
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder("kernel " + pair(kernelH, kernelW));
        if (strideH != 1 || strideW != 1) {
            s.append(", stride ").append(pair(strideH, strideW));
        }
        if (padH != 0 || padW != 0) {
            s.append(", padding ").append(pair(padH, padW));
        }
        if (dilationH != 1 || dilationW != 1) {
            s.append(", dilation ").append(pair(dilationH, dilationW));
        }
        return s.toString();
    }

    private static String pair(int h, int w) {
        return h + "×" + w;
    }
}
