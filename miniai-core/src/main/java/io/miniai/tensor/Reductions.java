package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Reduce;
import org.nd4j.linalg.api.buffer.DataType;

/** Ops that make one value out of many, with their gradients. */
final class Reductions {
    private Reductions() {}

    static Tensor all(Reduce op, Tensor x) {
        return reduce(op, x, allDims(x.rank()), true).reshape();
    }

    static Tensor along(Reduce op, Tensor x, int dim, boolean keepDim) {
        int axis = x.shape().axis(dim);
        Tensor out = reduce(op, x, new int[] {axis}, false);
        return keepDim ? out : out.squeeze(axis);
    }

    /**
     * Keeps reduced dimensions with size 1.
     *
     * @param share whether equal extremes share the gradient, or the first gets it
     */
    private static Tensor reduce(Reduce op, Tensor x, int[] dims, boolean share) {
        x.needFloat(op.name());
        if (dims.length == 0) {
            return x;
        }
        Array in = x.array();
        int[] shape = in.shape().clone();
        long count = 1;
        for (int d : dims) {
            count *= shape[d];
            shape[d] = 1;
        }
        Array out = Array.allocateImage(in.type(), in.order(), shape);
        kernels().reduce(op, in, dims, out);
        Tensor y = new Tensor(out);
        double part = 1.0 / count;
        return Tape.record(
                op.name(),
                y,
                dy -> new Tensor[] {
                    switch (op) {
                        case SUM -> ShapeOps.stretched(dy, in);
                        case MEAN -> ShapeOps.stretched(dy.mul(part), in);
                        case MAX, MIN -> extremeGrad(x, y.detach(), dy, dims, share);
                    }
                },
                x);
    }

    /** Over one dimension the first extreme element gets the gradient; over all, equal ones share it (as in PyTorch). */
    private static Tensor extremeGrad(Tensor x, Tensor y, Tensor dy, int[] dims, boolean share) {
        Tensor isExtreme = x.eq(y).toDType(dy.dtype());
        if (!share) {
            int n = x.size(dims[0]);
            Tensor first = isExtreme.argmax(dims[0]).oneHot(n).toDType(dy.dtype());
            return first.movedLastTo(dims[0]).mul(dy);
        }
        return isExtreme.mul(dy.div(reduce(Reduce.SUM, isExtreme, dims, true)));
    }

    static Tensor argmax(Tensor x, int dim) {
        int axis = x.shape().axis(dim);
        Array in = x.rowMajor();
        int[] shape = in.shape().clone();
        shape[axis] = 1;
        Array out = Array.allocate(DataType.INT64, shape);
        kernels().argmax(in, axis, out);
        return new Tensor(out).squeeze(axis);
    }

    static Tensor softmax(Tensor x, int dim, boolean log) {
        x.needFloat(log ? "logSoftmax" : "softmax");
        int axis = x.shape().axis(dim);
        Array in = x.rowMajor();
        Array out = in.allocateLike();
        kernels().softmax(in, axis, log, out);
        return Tape.record(
                log ? "logSoftmax" : "softmax",
                new Tensor(out),
                dy -> {
                    Array dx = out.allocateLike();
                    kernels().softmaxGrad(out, dy.rowMajor(), axis, log, dx);
                    return new Tensor[] {new Tensor(dx)};
                },
                x);
    }

    /** Sums a tensor down to a shape that broadcasts to its own. */
    static Tensor sumTo(Tensor x, Shape target) {
        if (x.shape().equals(target)) {
            return x;
        }
        int extra = x.rank() - target.rank();
        int[] dims = new int[x.rank()];
        int n = 0;
        for (int i = 0; i < x.rank(); i++) {
            if (i < extra || (target.dims()[i - extra] == 1 && x.size(i) != 1)) {
                dims[n++] = i;
            }
        }
        return reduce(Reduce.SUM, x, java.util.Arrays.copyOf(dims, n), true).reshape(target.toArray());
    }

    private static int[] allDims(int rank) {
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = i;
        }
        return dims;
    }
}
