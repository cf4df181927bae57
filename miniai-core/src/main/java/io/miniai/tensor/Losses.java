package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import java.util.function.DoubleFunction;

/** Loss functions that one kernel computes, with their gradients. */
final class Losses {
    private Losses() {}

    static Tensor crossEntropy(Tensor logits, Tensor labels) {
        if (logits.rank() != 2 || labels.rank() != 1 || logits.size(0) != labels.size(0)) {
            throw new ShapeException("Expected logits [N, classes] and labels [N] for crossEntropy; got %s and %s."
                    .formatted(logits.shape(), labels.shape()));
        }
        if (labels.dtype() != DType.INT64) {
            throw new IllegalArgumentException("Expected INT64 labels for crossEntropy; got " + labels.dtype()
                    + ". Fix: labels.toDType(DType.INT64).");
        }
        logits.needFloat("crossEntropy");
        checkLabels(labels, logits.size(1));
        Array in = logits.rowMajor();
        Array y = labels.rowMajor();
        Array probabilities = in.allocateLike();
        Array loss = Array.allocate(in.type());
        kernels().crossEntropy(in, y, probabilities, loss);
        int n = logits.size(0);
        return Tape.record(
                "crossEntropy",
                new Tensor(loss),
                dy -> {
                    Array dx = in.allocateLike();
                    kernels().crossEntropyGrad(probabilities, y, dy.item() / n, dx);
                    return new Tensor[] {new Tensor(dx)};
                },
                logits,
                new Tensor(y));
    }

    static void checkLabels(Tensor labels, int classes) {
        Array values = labels.rowMajor();
        int outside = kernels().firstOutside(values, classes);
        if (outside >= 0) {
            throw new IllegalArgumentException("Expected labels from 0 to %d (%d classes); got %d."
                    .formatted(classes - 1, classes, kernels().downloadLongs(values)[outside]));
        }
    }

    static Tensor mse(Tensor a, Tensor b) {
        return mean("mseLoss", a, b, kernels()::mse, share -> a.sub(b).mul(2 * share));
    }

    static Tensor l1(Tensor a, Tensor b) {
        return mean(
                "l1Loss",
                a,
                b,
                kernels()::l1,
                share -> a.gt(b).sub(a.lt(b)).toDType(a.dtype()).mul(share));
    }

    private interface Kernel {
        void run(Array a, Array b, Array loss);
    }

    /**
     * The mean of a function of two numbers.
     *
     * @param slope so many times its derivative by the first number, which is minus that by the second
     */
    private static Tensor mean(String op, Tensor a, Tensor b, Kernel kernel, DoubleFunction<Tensor> slope) {
        checkSame(op, a, b);
        Array x = a.array();
        Array y = b.arrayLike(x);
        Array loss = Array.allocate(x.type());
        kernel.run(x, y, loss);
        return Tape.record(
                op,
                new Tensor(loss),
                dy -> {
                    Tensor g = slope.apply(dy.item() / a.numel());
                    return new Tensor[] {g, b.requiresGrad() ? g.neg() : null};
                },
                a,
                b);
    }

    private static void checkSame(String op, Tensor a, Tensor b) {
        a.needFloat(op);
        if (!a.shape().equals(b.shape()) || a.dtype() != b.dtype()) {
            throw new ShapeException("Expected two tensors of one shape and type for %s; got %s %s and %s %s."
                    .formatted(op, a.dtype(), a.shape(), b.dtype(), b.shape()));
        }
    }
}
