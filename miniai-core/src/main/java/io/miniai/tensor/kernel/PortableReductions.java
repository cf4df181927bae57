package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.indexaccum.custom.ArgMax;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Mean;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.reduce.same.Min;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.factory.Nd4j;

/** Sums, means, extremes and softmax along dimensions. */
final class PortableReductions {
    private PortableReductions() {}

    static void reduce(Reduce op, Array x, int[] dims, Array out) {
        INDArray a = x.nd();
        INDArray z = out.nd();
        if (dims.length == 0 || x.rank() == 0) {
            Ops.assign(a, z);
            return;
        }
        Ops.run(
                switch (op) {
                    case SUM -> new Sum(a, z, true, dims);
                    case MEAN -> new Mean(a, z, true, dims);
                    case MAX -> new Max(a, z, true, dims);
                    case MIN -> new Min(a, z, true, dims);
                });
    }

    static void argmax(Array x, int dim, Array out) {
        Nd4j.getExecutioner().exec(new ArgMax(new INDArray[] {x.nd()}, new INDArray[] {out.nd()}, true, dim));
    }

    static void softmax(Array x, int dim, boolean log, Array out) {
        Ops.run(log ? "log_softmax" : "softmax", new INDArray[] {x.nd()}, out.nd(), dim);
    }

    /** softmax: y · (dy − Σ y·dy); log-softmax: dy − exp(y) · Σ dy. ND4J's own take x and compute softmax again. */
    static void softmaxGrad(Array y, Array dy, int dim, boolean log, Array dx) {
        int[] summed = y.shape().clone();
        summed[dim] = 1;
        Array sum = Array.allocate(y.type(), summed);
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
