package io.miniai.tensor.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The fast kernels for the CPU: float32, images in the memory order that suits a convolution ({@link Order}), the
 * process's {@link Workers} for everything. Convolutions of many images are {@link CpuBatchLast}'s, those of few images
 * {@link CpuConvolution}'s, and most of a single one {@link CpuOneImage}'s. What they do not cover (float64, rare cases) the portable kernels do.
 */
public final class CpuKernels extends PortableKernels {
    private final CpuBatchLast batchLast;

    public CpuKernels() {
        this(CpuBatchLast.fastest());
    }

    CpuKernels(CpuBatchLast batchLast) {
        this.batchLast = batchLast;
    }

    @Override
    public Order imageOrder(DataType type, Geometry g, int outputs) {
        if (!convolves(type, g) || CpuOneImage.pays(g, outputs)) {
            return Order.ROW_MAJOR;
        }
        return batchLast.pays(g, outputs) ? Order.BATCH_LAST : Order.CHANNELS_LAST;
    }

    private static boolean convolves(DataType type, Geometry g) {
        return type == DataType.FLOAT && (g.upsample() == 1 || CpuSubpixel.upsamples(g));
    }

    /** Sets how many threads compute, the caller among them; {@code miniai.threads} is the default. */
    public static void threads(int threads) {
        Workers.threads(threads);
    }

    public static int threads() {
        return Workers.shared().threads();
    }

    // ---- memory -------------------------------------------------------------------------------

    @Override
    public void upload(float[] src, Array dst) {
        KernelCall.run(() -> CpuMemory.floats(dst).put(0, src, 0, CpuElementwise.length(dst)));
    }

    @Override
    public void upload(long[] src, Array dst) {
        KernelCall.run(() -> dst.storage().block().longs().put(0, src, 0, CpuElementwise.length(dst)));
    }

    @Override
    public float[] downloadFloats(Array src) {
        float[] values = new float[CpuElementwise.length(src)];
        KernelCall.run(() -> CpuMemory.floats(src).get(0, values));
        return values;
    }

    @Override
    public int firstOutside(Array values, long size) {
        return KernelCall.compute(
                () -> firstOutside(values.storage().block().longs(), CpuElementwise.length(values), size));
    }

    @Override
    public long[] downloadLongs(Array src) {
        long[] values = new long[CpuElementwise.length(src)];
        KernelCall.run(() -> src.storage().block().longs().get(0, values));
        return values;
    }

    @Override
    public void copy(Array src, Array dst) {
        if (src.isFloat() && dst.isFloat()) {
            KernelCall.run(() -> CpuMemory.copy(src, dst));
        } else {
            super.copy(src, dst);
        }
    }

    @Override
    public void fill(Array dst, double value) {
        if (dst.isFloat()) {
            KernelCall.run(() -> CpuMemory.fill(dst, (float) value));
        } else {
            super.fill(dst, value);
        }
    }

    @Override
    public void broadcast(Array x, Array out) {
        if (x.isFloat()) {
            KernelCall.run(() -> CpuStrided.broadcast(x, out));
        } else {
            super.broadcast(x, out);
        }
    }

    @Override
    public void permute(Array x, int[] axes, Array out) {
        if (x.isFloat()) {
            KernelCall.run(() -> CpuStrided.permute(x, axes, out));
        } else {
            super.permute(x, axes, out);
        }
    }

    @Override
    public void slice(Array x, int[] begin, int[] step, Array out) {
        if (x.isFloat()) {
            KernelCall.run(() -> CpuMemory.copyPart(out, x, begin, step, false));
        } else {
            super.slice(x, begin, step, out);
        }
    }

    @Override
    public void putSlice(Array src, int[] begin, int[] step, Array dst) {
        if (src.isFloat()) {
            KernelCall.run(() -> CpuMemory.copyPart(src, dst, begin, step, true));
        } else {
            super.putSlice(src, begin, step, dst);
        }
    }

    @Override
    public void lookup(byte[][] images, int[] starts, float[][] values, Array out) {
        KernelCall.run(() -> {
            if (out.order() == Order.BATCH_LAST) {
                CpuPixels.lookupBatchLast(images, starts, values, out);
            } else {
                Array rows = likeInOrder(Order.ROW_MAJOR, out);
                CpuPixels.lookup(images, starts, values, rows);
                copyUnlessSame(rows, out);
            }
        });
    }

    @Override
    public void dropoutMask(long state, double p, Array out) {
        if (out.isFloat()) {
            KernelCall.run(() -> CpuDropout.mask(state, p, out));
        } else {
            super.dropoutMask(state, p, out);
        }
    }

    // ---- elementwise --------------------------------------------------------------------------

    @Override
    public void unary(Unary op, Array x, Array out) {
        if (x.isFloat()) {
            KernelCall.run(() -> CpuElementwise.map(x, out, CpuElementwise.unary(op)));
        } else {
            super.unary(op, x, out);
        }
    }

    @Override
    public void unaryGrad(Unary op, Array saved, Array dy, Array dx) {
        if (saved.isFloat()) {
            KernelCall.run(() -> CpuElementwise.gradient(op, saved, dy, dx));
        } else {
            super.unaryGrad(op, saved, dy, dx);
        }
    }

    @Override
    public void binary(Binary op, Array a, Array b, Array out) {
        if (a.isFloat() && Arrays.equals(a.shape(), b.shape())) {
            KernelCall.run(() -> CpuElementwise.map(a, b, out, CpuElementwise.binary(op)));
        } else if (a.isFloat() && a.length() == out.length() && b.length() == 1) {
            KernelCall.run(() -> CpuElementwise.map(
                    a, out, CpuElementwise.scalar(op, CpuMemory.floats(b).get(0))));
        } else if (a.isFloat()) {
            KernelCall.run(() -> CpuStrided.map(a, b, out, CpuElementwise.binary(op)));
        } else {
            super.binary(op, a, b, out);
        }
    }

    @Override
    public void scalar(Binary op, Array a, double scalar, Array out) {
        if (a.isFloat()) {
            KernelCall.run(() -> CpuElementwise.map(a, out, CpuElementwise.scalar(op, (float) scalar)));
        } else {
            super.scalar(op, a, scalar, out);
        }
    }

    @Override
    public void axpy(double factor, Array src, Array dst) {
        if (src.isFloat()) {
            float f = (float) factor;
            KernelCall.run(() -> CpuElementwise.map(src, dst, dst, (x, y, out, n) -> {
                for (int i = 0; i < n; i++) {
                    out[i] = y[i] + f * x[i];
                }
            }));
        } else {
            super.axpy(factor, src, dst);
        }
    }

    @Override
    public void clamp(Array x, double lo, double hi, Array out) {
        if (x.isFloat()) {
            float low = (float) lo;
            float high = (float) hi;
            KernelCall.run(() -> CpuElementwise.map(x, out, (a, b, n) -> {
                for (int i = 0; i < n; i++) {
                    b[i] = Math.min(high, Math.max(low, a[i]));
                }
            }));
        } else {
            super.clamp(x, lo, hi, out);
        }
    }

    @Override
    public void where(Array condition, Array a, Array b, Array out) {
        if (a.isFloat()) {
            KernelCall.run(() -> CpuElementwise.where(condition, a, b, out));
        } else {
            super.where(condition, a, b, out);
        }
    }

    // ---- reductions ---------------------------------------------------------------------------

    @Override
    public boolean isFinite(Array x) {
        return x.isFloat() ? KernelCall.compute(() -> CpuReductions.isFinite(x)) : super.isFinite(x);
    }

    @Override
    public void reduce(Reduce op, Array x, int[] dims, Array out) {
        if (x.isFloat() && dims.length > 0) {
            KernelCall.run(() -> CpuReductions.reduce(op, x, dims, out));
        } else {
            super.reduce(op, x, dims, out);
        }
    }

    @Override
    public void argmax(Array x, int dim, Array out) {
        if (x.isFloat() && dim == x.rank() - 1) {
            KernelCall.run(() -> CpuReductions.argmaxRows(x, out));
        } else {
            super.argmax(x, dim, out);
        }
    }

    @Override
    public void softmax(Array x, int dim, boolean log, Array out) {
        if (x.isFloat() && dim == x.rank() - 1) {
            KernelCall.run(() -> CpuReductions.softmax(x, x.size(dim), log, out));
        } else {
            super.softmax(x, dim, log, out);
        }
    }

    @Override
    public void softmaxGrad(Array y, Array dy, int dim, boolean log, Array dx) {
        if (y.isFloat() && dim == y.rank() - 1) {
            KernelCall.run(() -> CpuReductions.softmaxGrad(y, dy, y.size(dim), log, dx));
        } else {
            super.softmaxGrad(y, dy, dim, log, dx);
        }
    }

    // ---- linear algebra -----------------------------------------------------------------------

    @Override
    public void matmul(Array a, boolean transposeA, Array b, boolean transposeB, @Nullable Array bias, Array out) {
        if (a.isFloat() && a.rank() == 2) {
            KernelCall.run(() -> CpuMatmul.run(a, transposeA, b, transposeB, bias, out));
        } else {
            super.matmul(a, transposeA, b, transposeB, bias, out);
        }
    }

    // ---- shape --------------------------------------------------------------------------------

    @Override
    public void gather(Array x, int dim, Array index, Array out) {
        if (x.isFloat()) {
            KernelCall.run(() -> CpuIndexing.gather(x, dim, index, out));
        } else {
            super.gather(x, dim, index, out);
        }
    }

    @Override
    public void scatterAdd(Array src, int dim, Array index, Array dst) {
        if (src.isFloat()) {
            KernelCall.run(() -> CpuIndexing.scatterAdd(src, dim, index, dst));
        } else {
            super.scatterAdd(src, dim, index, dst);
        }
    }

    // ---- images -------------------------------------------------------------------------------

    @Override
    public void conv2d(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        if (!convolves(x.type(), g)) {
            super.conv2d(x, weight, bias, g, relu, out);
            return;
        }
        Order order = imageOrder(x.type(), g, weight.size(0));
        KernelCall.run(() -> {
            Array images = x.inOrder(order, this);
            Array y = likeInOrder(order, out);
            if (order == Order.ROW_MAJOR) {
                CpuOneImage.forward(images, weight, bias, g, relu, y);
            } else if (order == Order.BATCH_LAST) {
                batchLast.forward(images, weight, bias, g, relu, y);
            } else if (g.upsample() == 1) {
                CpuConvolution.forward(images, weight, bias, g, relu, y);
            } else {
                CpuSubpixel.forward(images, weight, bias, g, relu, y);
            }
            copyUnlessSame(y, out);
        });
    }

    @Override
    public void conv2dGrad(
            Array x,
            Array weight,
            Geometry g,
            @Nullable Array reluOutput,
            Array dy,
            @Nullable Array dx,
            @Nullable Array dWeight,
            @Nullable Array dBias) {
        if (!convolves(x.type(), g)) {
            super.conv2dGrad(x, weight, g, reluOutput, dy, dx, dWeight, dBias);
            return;
        }
        Order order = batchLast.pays(g, weight.size(0)) ? Order.BATCH_LAST : Order.CHANNELS_LAST;
        KernelCall.run(() -> {
            Array images = x.inOrder(order, this);
            Array y = reluOutput == null ? null : reluOutput.inOrder(order, this);
            Array dOut = dy.inOrder(order, this);
            Array dImages = dx == null ? null : likeInOrder(order, dx);
            if (order == Order.BATCH_LAST) {
                batchLast.backward(images, weight, g, y, dOut, dImages, dWeight, dBias);
            } else if (g.upsample() == 1) {
                CpuConvolution.backward(images, weight, g, y, dOut, dImages, dWeight, dBias);
            } else {
                CpuSubpixel.backward(images, weight, g, y, dOut, dImages, dWeight, dBias);
            }
            if (dx != null && dImages != null) {
                copyUnlessSame(dImages, dx);
            }
        });
    }

    /** Its memory where the order allows, otherwise other memory of its sizes. */
    private static Array likeInOrder(Order order, Array a) {
        return a.is(order) ? a.relabelled(order) : Array.allocateImage(DataType.FLOAT, order, a.shape());
    }

    private void copyUnlessSame(Array from, Array to) {
        if (from.storage() != to.storage()) {
            copy(from, to);
        }
    }

    @Override
    public void maxPool2d(Array x, Geometry g, Array out) {
        if (x.isFloat()) {
            KernelCall.run(() -> CpuPooling.max(x, g, out));
        } else {
            super.maxPool2d(x, g, out);
        }
    }

    @Override
    public void maxPool2dGrad(Array x, Array out, Array dy, Geometry g, Array dx) {
        if (x.isFloat()) {
            KernelCall.run(() -> CpuPooling.maxGradient(x, out, dy, g, dx));
        } else {
            super.maxPool2dGrad(x, out, dy, g, dx);
        }
    }

    @Override
    public void avgPool2d(Array x, Geometry g, Array out) {
        if (x.isFloat()) {
            KernelCall.run(() -> CpuPooling.average(x, g, out));
        } else {
            super.avgPool2d(x, g, out);
        }
    }

    @Override
    public void avgPool2dGrad(Array dy, Geometry g, Array dx) {
        if (dy.isFloat()) {
            KernelCall.run(() -> CpuPooling.averageGradient(dy, g, dx));
        } else {
            super.avgPool2dGrad(dy, g, dx);
        }
    }

    @Override
    public void upsampleNearest2d(Array x, int scale, Array out) {
        if (x.isFloat()) {
            KernelCall.run(() -> CpuUpsampling.upsample(x, scale, out));
        } else {
            super.upsampleNearest2d(x, scale, out);
        }
    }

    @Override
    public void upsampleNearest2dGrad(Array dy, int scale, Array dx) {
        if (dy.isFloat()) {
            KernelCall.run(() -> CpuUpsampling.upsampleGrad(dy, scale, dx));
        } else {
            super.upsampleNearest2dGrad(dy, scale, dx);
        }
    }

    // ---- losses -------------------------------------------------------------------------------

    @Override
    public void crossEntropy(Array logits, Array labels, Array probabilities, Array loss) {
        if (logits.isFloat()) {
            KernelCall.run(() -> CpuReductions.crossEntropy(logits, labels, probabilities, loss));
        } else {
            super.crossEntropy(logits, labels, probabilities, loss);
        }
    }

    @Override
    public void crossEntropyGrad(Array probabilities, Array labels, double scale, Array dx) {
        if (probabilities.isFloat()) {
            KernelCall.run(() -> CpuReductions.crossEntropyGrad(probabilities, labels, scale, dx));
        } else {
            super.crossEntropyGrad(probabilities, labels, scale, dx);
        }
    }

    @Override
    public void mse(Array a, Array b, Array loss) {
        if (a.isFloat()) {
            KernelCall.run(() -> CpuReductions.meanOfTerms(a, b, loss, CpuReductions::squares));
        } else {
            super.mse(a, b, loss);
        }
    }

    @Override
    public void l1(Array a, Array b, Array loss) {
        if (a.isFloat()) {
            KernelCall.run(() -> CpuReductions.meanOfTerms(a, b, loss, CpuReductions::distances));
        } else {
            super.l1(a, b, loss);
        }
    }

    // ---- optimizers ---------------------------------------------------------------------------

    @Override
    public void sgd(
            Array p,
            Array grad,
            double lr,
            double weightDecay,
            double momentum,
            double dampening,
            boolean nesterov,
            boolean first,
            @Nullable Array buffer) {
        if (p.isFloat()) {
            KernelCall.run(
                    () -> CpuOptimizers.sgd(p, grad, lr, weightDecay, momentum, dampening, nesterov, first, buffer));
        } else {
            super.sgd(p, grad, lr, weightDecay, momentum, dampening, nesterov, first, buffer);
        }
    }

    @Override
    public void adam(
            Array p,
            Array grad,
            Array m,
            Array v,
            double lr,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decoupled,
            long step) {
        if (p.isFloat()) {
            KernelCall.run(
                    () -> CpuOptimizers.adam(p, grad, m, v, lr, beta1, beta2, eps, weightDecay, decoupled, step));
        } else {
            super.adam(p, grad, m, v, lr, beta1, beta2, eps, weightDecay, decoupled, step);
        }
    }
}
