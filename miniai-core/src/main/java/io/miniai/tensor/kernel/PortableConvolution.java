package io.miniai.tensor.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;

/** Convolution as unfold and matrix product: libnd4j's own conv2d is many times slower. */
final class PortableConvolution {
    private PortableConvolution() {}

    static void unfold(Array x, Geometry g, Array columns) {
        im2col(
                rowMajor(x).nd(),
                g,
                columns.reshaped(g.n(), g.c(), g.kernelH(), g.kernelW(), g.outH(), g.outW())
                        .nd());
    }

    static void fold(Array columns, Geometry g, Array x) {
        col2im(
                columns.reshaped(g.n(), g.c(), g.kernelH(), g.kernelW(), g.outH(), g.outW())
                        .nd(),
                g,
                x.nd());
    }

    private static void im2col(INDArray x, Geometry g, INDArray columns) {
        Ops.run(
                "im2col",
                new INDArray[] {x},
                new INDArray[] {columns},
                new double[] {0},
                g.kernelH(),
                g.kernelW(),
                g.strideH(),
                g.strideW(),
                g.padH(),
                g.padW(),
                g.dilationH(),
                g.dilationW(),
                0);
    }

    /** The fifth and sixth number are the image's height and width, not the kernel's. */
    private static void col2im(INDArray columns, Geometry g, INDArray x) {
        Ops.run(
                "col2im",
                new INDArray[] {columns},
                x,
                g.strideH(),
                g.strideW(),
                g.padH(),
                g.padW(),
                g.h(),
                g.w(),
                g.dilationH(),
                g.dilationW(),
                0);
    }

    private static Array rowMajor(Array x) {
        if (!x.channelsLast()) {
            return x;
        }
        Array copy = Array.allocate(x.type(), x.shape());
        Ops.assign(x.nd(), copy.nd());
        return copy;
    }

    static void conv2d(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        int o = weight.size(0);
        Array columns = columns(x, g);
        Array w = rowMajor(weight).reshaped(o, g.patch());
        Array rows = Array.allocate(x.type(), g.n() * g.positions(), o);
        PortableLinear.matmul(columns, false, w, true, bias, rows);
        if (relu) {
            Ops.run(new RectifiedLinear(rows.flat(), rows.flat(), 0));
        }
        Ops.assign(
                rows.reshaped(g.n(), g.outH(), g.outW(), o)
                        .asChannelsLastImage()
                        .nd(),
                out.nd());
    }

    /** One row for each output position: [n · outH · outW, c · kh · kw]. */
    private static Array columns(Array x, Geometry g) {
        Array columns = Array.allocate(x.type(), g.n(), g.outH(), g.outW(), g.c(), g.kernelH(), g.kernelW());
        im2col(rowMajor(x).nd(), g, columns.nd().permute(0, 3, 4, 5, 1, 2));
        return columns.reshaped(g.n() * g.positions(), g.patch());
    }

    static void conv2dGrad(
            Array x,
            Array weight,
            Geometry g,
            @Nullable Array reluOutput,
            Array dy,
            @Nullable Array dx,
            @Nullable Array dWeight,
            @Nullable Array dBias) {
        int o = weight.size(0);
        Array rows = Array.allocate(x.type(), g.n() * g.positions(), o);
        INDArray rowsAsImages = rows.reshaped(g.n(), g.outH(), g.outW(), o)
                .asChannelsLastImage()
                .nd();
        if (reluOutput != null) {
            Ops.run(new Step(reluOutput.nd(), rowsAsImages));
            Ops.run("multiply", new INDArray[] {rowsAsImages, dy.nd()}, rowsAsImages);
        } else {
            Ops.assign(dy.nd(), rowsAsImages);
        }
        if (dBias != null) {
            Ops.run(new Sum(rows.nd(), dBias.nd(), false, 0));
        }
        if (dWeight != null) {
            Array dw = Array.allocate(x.type(), o, g.patch());
            PortableLinear.gemm(rows.nd(), true, columns(x, g).nd(), false, dw.nd());
            Ops.assign(dw.reshaped(dWeight.shape()).nd(), dWeight.nd());
        }
        if (dx != null) {
            Array columns = Array.allocate(x.type(), g.n() * g.positions(), g.patch());
            Array w = rowMajor(weight).reshaped(o, g.patch());
            PortableLinear.gemm(rows.nd(), false, w.nd(), false, columns.nd());
            INDArray six = columns.reshaped(g.n(), g.outH(), g.outW(), g.c(), g.kernelH(), g.kernelW())
                    .nd();
            col2im(six.permute(0, 3, 4, 5, 1, 2), g, dx.nd());
        }
    }
}
