package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.indexaccum.custom.ArgMax;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Mean;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.reduce.same.Min;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.factory.Nd4j;

/** Sums, means, extremes and softmax along dimensions. */
final class PortableReductions {
    /** ND4J sums float32 one after the other: of a million values it loses all but two digits. */
    private static final long LONGEST_FLOAT_SUM = 2048;

    private PortableReductions() {}

    static void reduce(Reduce op, Array x, int[] dims, Array out) {
        if (dims.length == 0 || x.rank() == 0) {
            Ops.assign(x.nd(), out.nd());
        } else if (needsDoubles(op, x, out)) {
            Array sums = Array.allocate(DataType.DOUBLE, out.shape());
            Ops.run(reduction(op, Ops.cast(x, DataType.DOUBLE).nd(), dims, sums.nd()));
            Ops.assign(sums.nd(), out.nd());
        } else {
            Ops.run(reduction(op, x.nd(), dims, out.nd()));
        }
    }

    private static boolean needsDoubles(Reduce op, Array x, Array out) {
        return x.isFloat() && (op == Reduce.SUM || op == Reduce.MEAN) && x.length() / out.length() > LONGEST_FLOAT_SUM;
    }

    private static Op reduction(Reduce op, INDArray x, int[] dims, INDArray z) {
        return switch (op) {
            case SUM -> new Sum(x, z, true, dims);
            case MEAN -> new Mean(x, z, true, dims);
            case MAX -> new Max(x, z, true, dims);
            case MIN -> new Min(x, z, true, dims);
        };
    }

    /** The mean of everything into a scalar. */
    static void mean(Array x, Array out) {
        int[] all = {0};
        reduce(Reduce.MEAN, x.reshaped((int) x.length()), all, out.reshaped(1));
    }

    /** 0 times a value is 0, and NaN for those that are NaN or infinite; so is a sum that one of them is in. */
    static boolean isFinite(Array x) {
        Array zeros = x.allocateLike();
        Array sum = Array.allocate(x.type(), 1);
        Ops.run(new ScalarMultiplication(x.flat(), null, zeros.flat(), 0.0));
        Ops.run(reduction(Reduce.SUM, zeros.flat(), new int[] {0}, sum.nd()));
        return sum.nd().getDouble(0) == 0;
    }

    static void argmax(Array x, int dim, Array out) {
        Nd4j.getExecutioner().exec(new ArgMax(new INDArray[] {x.nd()}, new INDArray[] {out.nd()}, true, dim));
    }

    /**
     * s = x − max; softmax = exp(s) / Σ exp(s), log-softmax = s − log Σ exp(s). ND4J's own are not stable: its
     * log-softmax is the logarithm of a softmax that underflows, its float64 softmax of very negative values NaN.
     */
    static void softmax(Array x, int dim, boolean log, Array out) {
        Array exp = log ? out.allocateLike() : out;
        Array sum = reducedLike(x, dim);
        shift(x, dim, sum, out);
        Ops.run(new Exp(out.flat(), exp.flat()));
        reduce(Reduce.SUM, exp, new int[] {dim}, sum);
        if (log) {
            Ops.run(new Log(sum.flat(), sum.flat()));
        }
        Ops.run(log ? "subtract" : "divide", new INDArray[] {out.nd(), sum.nd()}, out.nd());
    }

    /** out = x − the largest along dim, so that no exponential overflows. */
    static void shift(Array x, int dim, Array largest, Array out) {
        reduce(Reduce.MAX, x, new int[] {dim}, largest);
        Ops.run("subtract", new INDArray[] {x.nd(), largest.nd()}, out.nd());
    }

    static Array reducedLike(Array x, int dim) {
        int[] shape = x.shape().clone();
        shape[dim] = 1;
        return Array.allocate(x.type(), shape);
    }

    /** softmax: y · (dy − Σ y·dy); log-softmax: dy − exp(y) · Σ dy. ND4J's own take x and compute softmax again. */
    static void softmaxGrad(Array y, Array dy, int dim, boolean log, Array dx) {
        Array sum = reducedLike(y, dim);
        INDArray z = dx.nd();
        if (log) {
            reduce(Reduce.SUM, dy, new int[] {dim}, sum);
            Ops.run(new Exp(y.flat(), dx.flat()));
            Ops.run("multiply", new INDArray[] {z, sum.nd()}, z);
            Ops.run("subtract", new INDArray[] {dy.nd(), z}, z);
        } else {
            PortableElementwise.multiply(y.flat(), dy.flat(), dx.flat());
            reduce(Reduce.SUM, dx, new int[] {dim}, sum);
            Ops.run("subtract", new INDArray[] {dy.nd(), sum.nd()}, z);
            PortableElementwise.multiply(dx.flat(), y.flat(), dx.flat());
        }
    }
}
