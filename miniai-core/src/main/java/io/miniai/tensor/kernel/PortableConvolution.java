package io.miniai.tensor.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;

/** Convolution as unfold and matrix product: libnd4j's own conv2d is many times slower. */
final class PortableConvolution {
    /** Of the column matrix; larger batches are taken in parts. */
    private static final long MOST_COLUMNS = 64L << 20;

    private PortableConvolution() {}

    static void unfold(Array x, Geometry g, Array columns) {
        new Patches(g, 0, g.n()).unfold(x, Patches.Columns.ofEachImage(columns, g));
    }

    static void fold(Array columns, Geometry g, Array x) {
        new Patches(g, 0, g.n()).fold(Patches.Columns.ofEachImage(columns, g), x);
    }

    static void conv2d(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        int o = weight.size(0);
        Array w = weight.reshaped(o, g.patch());
        for (int first = 0; first < g.n(); first += imagesAtOnce(g)) {
            int images = Math.min(imagesAtOnce(g), g.n() - first);
            Array products = Array.allocate(x.type(), o, images * g.positions());
            PortableLinear.gemm(w, false, columns(x, g, first, images), false, products);
            INDArray target = images(out, first, images);
            if (bias == null) {
                Ops.assign(asImages(products, g), target);
            } else {
                INDArray b = bias.reshaped(1, o, 1, 1).nd();
                Ops.run("add", new INDArray[] {asImages(products, g), b}, target);
            }
        }
        if (relu) {
            Ops.run(new RectifiedLinear(out.flat(), out.flat(), 0));
        }
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
        Array slope = reluOutput == null ? dy : behindRelu(reluOutput, dy);
        int o = weight.size(0);
        Array w = weight.reshaped(o, g.patch());
        Sum dw = new Sum(x, o, g.patch());
        Sum db = new Sum(x, o, 1);
        for (int first = 0; first < g.n(); first += imagesAtOnce(g)) {
            int images = Math.min(imagesAtOnce(g), g.n() - first);
            Array rows = Array.allocate(x.type(), o, images * g.positions());
            Ops.assign(images(slope, first, images), asImages(rows, g));
            if (dWeight != null) {
                PortableLinear.gemm(rows, false, columns(x, g, first, images), true, dw.next());
                dw.add();
            }
            if (dBias != null) {
                PortableLinear.gemm(rows, false, ones(x, rows.size(1)), false, db.next());
                db.add();
            }
            if (dx != null) {
                Array columns = Array.allocate(x.type(), g.patch(), rows.size(1));
                PortableLinear.gemm(w, true, rows, false, columns);
                new Patches(g, first, images).fold(Patches.Columns.matrix(columns, g), dx);
            }
        }
        if (dWeight != null) {
            Ops.assign(dw.total().reshaped(weight.shape()).nd(), dWeight.nd());
        }
        if (dBias != null) {
            Ops.assign(db.total().flat(), dBias.flat());
        }
    }

    /** A sum over parts of the batch. */
    private static final class Sum {
        private final Array like;
        private final int[] shape;
        private @Nullable Array total;
        private @Nullable Array next;

        Sum(Array like, int... shape) {
            this.like = like;
            this.shape = shape;
        }

        Array next() {
            Array a = Array.allocate(like.type(), shape);
            next = a;
            return a;
        }

        void add() {
            if (total == null) {
                total = next;
            } else if (next != null) {
                PortableElementwise.axpy(1, next, total);
            }
        }

        Array total() {
            if (total == null) {
                throw new IllegalStateException("an empty batch");
            }
            return total;
        }
    }

    /** dy where the output of the ReLU is positive. */
    private static Array behindRelu(Array output, Array dy) {
        Array slope = output.allocateLike();
        Array gradient = dy;
        if (dy.order() != output.order()) {
            gradient = output.allocateLike();
            PortableMemory.copy(dy, gradient);
        }
        Ops.run(new Step(output.flat(), slope.flat()));
        PortableElementwise.multiply(slope.flat(), gradient.flat(), slope.flat());
        return slope;
    }

    private static Array columns(Array x, Geometry g, int first, int images) {
        Array columns = Array.allocate(x.type(), g.patch(), images * g.positions());
        new Patches(g, first, images).unfold(x, Patches.Columns.matrix(columns, g));
        return columns;
    }

    private static int imagesAtOnce(Geometry g) {
        return (int) Math.max(1, MOST_COLUMNS / ((long) g.patch() * g.positions()));
    }

    /** A matrix [channels, images · positions] seen as images [images, channels, outH, outW]. */
    private static INDArray asImages(Array matrix, Geometry g) {
        long images = matrix.size(1) / g.positions();
        long[] sizes = {images, matrix.size(0), g.outH(), g.outW()};
        return matrix.part(0, sizes, new long[] {g.positions(), matrix.size(1), g.outW(), 1});
    }

    private static INDArray images(Array batch, int first, int images) {
        long[] sizes = Ops.longs(batch.shape());
        sizes[0] = images;
        long[] strides = batch.strides();
        return batch.part(first * strides[0], sizes, strides);
    }

    private static Array ones(Array like, int rows) {
        Array ones = Array.allocate(like.type(), rows, 1);
        PortableMemory.fill(ones, 1);
        return ones;
    }
}
