package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Pooling and upsampling. */
final class PortablePooling {
    private PortablePooling() {}

    static void maxPool2d(Array x, Geometry g, Array out) {
        Ops.run("maxpool2d", new INDArray[] {x.nd()}, out.nd(), arguments(g));
    }

    static void maxPool2dGrad(Array x, Array dy, Geometry g, Array dx) {
        Ops.run("maxpool2d_bp", new INDArray[] {x.nd(), dy.nd()}, dx.nd(), arguments(g));
    }

    static void avgPool2d(Array x, Geometry g, Array out) {
        Ops.run("avgpool2d", new INDArray[] {x.nd()}, out.nd(), arguments(g));
    }

    static void avgPool2dGrad(Array dy, Geometry g, Array dx) {
        Ops.run("avgpool2d_bp", new INDArray[] {dx.nd(), dy.nd()}, dx.nd(), arguments(g));
    }

    private static int[] arguments(Geometry g) {
        return new int[] {
            g.kernelH(),
            g.kernelW(),
            g.strideH(),
            g.strideW(),
            g.padH(),
            g.padW(),
            g.dilationH(),
            g.dilationW(),
            0, // the padding is given, not chosen
            1, // a mean counts the padding
            0 // channels before rows
        };
    }

    static void upsampleNearest2d(Array x, int scale, Array out) {
        Ops.run("upsampling2d", new INDArray[] {x.nd()}, out.nd(), scale, scale, 1);
    }

    static void upsampleNearest2dGrad(Array dy, int scale, Array dx) {
        Ops.run("upsampling2d_bp", new INDArray[] {dx.nd(), dy.nd()}, dx.nd(), 1);
    }
}
