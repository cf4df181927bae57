package io.miniai.tensor.kernel;

import java.nio.LongBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Kernels made of ND4J's operations only: they run on every backend of ND4J, CUDA too.
 *
 * <p>One call at a time: ND4J 1.0.0-M2.1 has races in its caches of shapes, and its operations use all
 * cores by themselves. What a call allocates for itself is given back when it ends.
 */
public class PortableKernels implements Kernels {
    private static final Object LOCK = new Object();

    private static void run(Runnable kernel) {
        synchronized (LOCK) {
            KernelCall.run(kernel);
        }
    }

    private static <T> T compute(Supplier<T> kernel) {
        synchronized (LOCK) {
            return KernelCall.compute(kernel);
        }
    }

    @Override
    public Order imageOrder(DataType type, Geometry g, int outputs) {
        return Order.ROW_MAJOR;
    }

    @Override
    public void upload(float[] src, Array dst) {
        run(() -> PortableMemory.upload(src, dst));
    }

    @Override
    public void upload(double[] src, Array dst) {
        run(() -> PortableMemory.upload(src, dst));
    }

    @Override
    public void upload(long[] src, Array dst) {
        run(() -> PortableMemory.upload(src, dst));
    }

    @Override
    public double[] downloadDoubles(Array src) {
        return compute(() -> PortableMemory.downloadDoubles(src));
    }

    @Override
    public float[] downloadFloats(Array src) {
        return compute(() -> PortableMemory.downloadFloats(src));
    }

    @Override
    public int firstOutside(Array values, long size) {
        return firstOutside(LongBuffer.wrap(downloadLongs(values)), Math.toIntExact(values.length()), size);
    }

    static int firstOutside(LongBuffer values, int length, long size) {
        for (int i = 0; i < length; i++) {
            long v = values.get(i);
            if (v < 0 || v >= size) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public long[] downloadLongs(Array src) {
        return compute(() -> PortableMemory.downloadLongs(src));
    }

    @Override
    public void copy(Array src, Array dst) {
        run(() -> PortableMemory.copy(src, dst));
    }

    @Override
    public void fill(Array dst, double value) {
        run(() -> PortableMemory.fill(dst, value));
    }

    @Override
    public void lookup(byte[][] images, int[] starts, float[][] values, Array out) {
        run(() -> PortableMemory.lookup(images, starts, values, out));
    }

    @Override
    public void dropoutMask(long state, double p, Array out) {
        run(() -> PortableMemory.dropoutMask(state, p, out));
    }

    @Override
    public void unary(Unary op, Array x, Array out) {
        run(() -> PortableElementwise.unary(op, x, out));
    }

    @Override
    public void unaryGrad(Unary op, Array saved, Array dy, Array dx) {
        run(() -> PortableElementwise.unaryGrad(op, saved, dy, dx));
    }

    @Override
    public void binary(Binary op, Array a, Array b, Array out) {
        run(() -> PortableElementwise.binary(op, a, b, out));
    }

    @Override
    public void scalar(Binary op, Array a, double scalar, Array out) {
        run(() -> PortableElementwise.scalar(op, a, scalar, out));
    }

    @Override
    public void axpy(double factor, Array src, Array dst) {
        run(() -> PortableElementwise.axpy(factor, src, dst));
    }

    @Override
    public void clamp(Array x, double lo, double hi, Array out) {
        run(() -> PortableElementwise.clamp(x, lo, hi, out));
    }

    @Override
    public void where(Array condition, Array a, Array b, Array out) {
        run(() -> PortableElementwise.where(condition, a, b, out));
    }

    @Override
    public void reduce(Reduce op, Array x, int[] dims, Array out) {
        run(() -> PortableReductions.reduce(op, x, dims, out));
    }

    @Override
    public boolean isFinite(Array x) {
        return compute(() -> PortableReductions.isFinite(x));
    }

    @Override
    public void argmax(Array x, int dim, Array out) {
        run(() -> PortableReductions.argmax(x, dim, out));
    }

    @Override
    public void softmax(Array x, int dim, boolean log, Array out) {
        run(() -> PortableReductions.softmax(x, dim, log, out));
    }

    @Override
    public void softmaxGrad(Array y, Array dy, int dim, boolean log, Array dx) {
        run(() -> PortableReductions.softmaxGrad(y, dy, dim, log, dx));
    }

    @Override
    public void matmul(Array a, boolean transposeA, Array b, boolean transposeB, @Nullable Array bias, Array out) {
        run(() -> PortableLinear.matmul(a, transposeA, b, transposeB, bias, out));
    }

    @Override
    public void permute(Array x, int[] axes, Array out) {
        run(() -> PortableShapes.permute(x, axes, out));
    }

    @Override
    public void slice(Array x, int[] begin, int[] step, Array out) {
        run(() -> PortableShapes.slice(x, begin, step, out));
    }

    @Override
    public void putSlice(Array src, int[] begin, int[] step, Array dst) {
        run(() -> PortableShapes.putSlice(src, begin, step, dst));
    }

    @Override
    public void gather(Array x, int dim, Array index, Array out) {
        run(() -> PortableIndexing.gather(x, dim, index, out));
    }

    @Override
    public void scatterAdd(Array src, int dim, Array index, Array dst) {
        run(() -> PortableIndexing.scatterAdd(src, dim, index, dst));
    }

    @Override
    public void indexSelect(Array x, int dim, int[] index, Array out) {
        run(() -> PortableIndexing.indexSelect(x, dim, index, out));
    }

    @Override
    public void indexAdd(Array src, int dim, int[] index, Array dst) {
        run(() -> PortableIndexing.indexAdd(src, dim, index, dst));
    }

    @Override
    public void oneHot(Array labels, Array out) {
        run(() -> PortableIndexing.oneHot(labels, 1, out));
    }

    @Override
    public void unfold(Array x, Geometry g, Array columns) {
        run(() -> PortableConvolution.unfold(x, g, columns));
    }

    @Override
    public void fold(Array columns, Geometry g, Array x) {
        run(() -> PortableConvolution.fold(columns, g, x));
    }

    @Override
    public void conv2d(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out) {
        if (g.upsample() > 1) {
            run(() -> conv2d(upsampled(x, g), weight, bias, g.upsampling(1), relu, out));
        } else {
            run(() -> PortableConvolution.conv2d(x, weight, bias, g, relu, out));
        }
    }

    /** The images that the window slides over. */
    private Array upsampled(Array x, Geometry g) {
        Array images = Array.allocateImage(x.type(), x.order(), g.n(), g.c(), g.h(), g.w());
        upsampleNearest2d(x, g.upsample(), images);
        return images;
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
        if (g.upsample() > 1) {
            run(() -> {
                Array images = upsampled(x, g);
                Array gradient = dx == null ? null : images.allocateLike();
                conv2dGrad(images, weight, g.upsampling(1), reluOutput, dy, gradient, dWeight, dBias);
                if (gradient != null && dx != null) {
                    upsampleNearest2dGrad(gradient, g.upsample(), dx);
                }
            });
        } else {
            run(() -> PortableConvolution.conv2dGrad(x, weight, g, reluOutput, dy, dx, dWeight, dBias));
        }
    }

    @Override
    public void maxPool2d(Array x, Geometry g, Array out) {
        run(() -> PortablePooling.maxPool2d(x, g, out));
    }

    @Override
    public void maxPool2dGrad(Array x, Array out, Array dy, Geometry g, Array dx) {
        run(() -> PortablePooling.maxPool2dGrad(x, dy, g, dx));
    }

    @Override
    public void avgPool2d(Array x, Geometry g, Array out) {
        run(() -> PortablePooling.avgPool2d(x, g, out));
    }

    @Override
    public void avgPool2dGrad(Array dy, Geometry g, Array dx) {
        run(() -> PortablePooling.avgPool2dGrad(dy, g, dx));
    }

    @Override
    public void upsampleNearest2d(Array x, int scale, Array out) {
        run(() -> PortablePooling.upsampleNearest2d(x, scale, out));
    }

    @Override
    public void upsampleNearest2dGrad(Array dy, int scale, Array dx) {
        run(() -> PortablePooling.upsampleNearest2dGrad(dy, scale, dx));
    }

    @Override
    public void crossEntropy(Array logits, Array labels, Array probabilities, Array loss) {
        run(() -> PortableLosses.crossEntropy(logits, labels, probabilities, loss));
    }

    @Override
    public void crossEntropyGrad(Array probabilities, Array labels, double scale, Array dx) {
        run(() -> PortableLosses.crossEntropyGrad(probabilities, labels, scale, dx));
    }

    @Override
    public void mse(Array a, Array b, Array loss) {
        run(() -> PortableLosses.mse(a, b, loss));
    }

    @Override
    public void l1(Array a, Array b, Array loss) {
        run(() -> PortableLosses.l1(a, b, loss));
    }

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
        run(() -> PortableOptimizers.sgd(p, grad, lr, weightDecay, momentum, dampening, nesterov, first, buffer));
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
        run(() -> PortableOptimizers.adam(p, grad, m, v, lr, beta1, beta2, eps, weightDecay, decoupled, step));
    }
}
