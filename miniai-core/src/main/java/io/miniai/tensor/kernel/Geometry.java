package io.miniai.tensor.kernel;

/**
 * The sizes of one sliding-window operation on images {@code [n, c, h, w]}, computed once: the
 * kernel's, its stride, padding (both sides alike) and dilation, and the output grid
 * {@code outH × outW}.
 *
 * @param upsample convolutions only: the images in memory are smaller by this factor in both directions, and each
 *     of their pixels stands for {@code upsample × upsample} pixels of the images that the window slides over
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
        int outW,
        int upsample) {

    /** Over the images as they are in memory. */
    public Geometry(
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
        this(n, c, h, w, kernelH, kernelW, strideH, strideW, padH, padW, dilationH, dilationW, outH, outW, 1);
    }

    /** The same window over images in memory that are {@code factor} times smaller. */
    public Geometry upsampling(int factor) {
        return new Geometry(
                n, c, h, w, kernelH, kernelW, strideH, strideW, padH, padW, dilationH, dilationW, outH, outW, factor);
    }

    /** Kernel positions times channels: the length of one unfolded patch. */
    public int patch() {
        return c * kernelH * kernelW;
    }

    /** Output positions of one image. */
    public int positions() {
        return outH * outW;
    }
}
