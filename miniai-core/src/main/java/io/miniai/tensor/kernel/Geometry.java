package io.miniai.tensor.kernel;

/**
 * The sizes of one sliding-window operation on images {@code [n, c, h, w]}, computed once: the
 * kernel's, its stride, padding (both sides alike) and dilation, and the output grid
 * {@code outH × outW}.
 */
public record Geometry(
        int n,
        int c,
        int h,
        int w,
        int kernelH,
        int kernelW,
        int strideH,
        int strideW,
        int padH,
        int padW,
        int dilationH,
        int dilationW,
        int outH,
        int outW) {

    /** Kernel positions times channels: the length of one unfolded patch. */
    public int patch() {
        return c * kernelH * kernelW;
    }

    /** Output positions of one image. */
    public int positions() {
        return outH * outW;
    }
}
