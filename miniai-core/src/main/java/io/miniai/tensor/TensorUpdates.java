package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import org.jspecify.annotations.Nullable;

/** Changes parameters in place: what optimizers are made of. Parameters without a gradient stay as they are. */
public final class TensorUpdates {
    private TensorUpdates() {}

    /** Zeros like a parameter that live from step to step, for what an optimizer remembers. */
    public static Tensor state(Tensor parameter) {
        return Tensor.zerosLike(parameter).keep();
    }

    /**
     * One step of SGD: g = grad + weightDecay·p; with a momentum buffer: buffer = first ? g : momentum·buffer +
     * (1 − dampening)·g, g = nesterov ? g + momentum·buffer : buffer; p −= lr·g.
     */
    public static void sgd(
            Tensor p,
            double lr,
            double weightDecay,
            double momentum,
            double dampening,
            boolean nesterov,
            boolean first,
            @Nullable Tensor buffer) {
        Array grad = p.gradArray();
        if (grad != null) {
            kernels()
                    .sgd(
                            p.array(),
                            grad,
                            lr,
                            weightDecay,
                            momentum,
                            dampening,
                            nesterov,
                            first,
                            buffer == null ? null : buffer.arrayLike(p.array()));
            p.array().storage().changed();
        }
    }

    /** One step of Adam, or with {@code decoupled} weight decay of AdamW; {@code step} counts from 1. */
    public static void adam(
            Tensor p,
            Tensor m,
            Tensor v,
            double lr,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decoupled,
            long step) {
        Array grad = p.gradArray();
        if (grad != null) {
            Array a = p.array();
            kernels()
                    .adam(a, grad, m.arrayLike(a), v.arrayLike(a), lr, beta1, beta2, eps, weightDecay, decoupled, step);
            a.storage().changed();
        }
    }

    /**
     * Overwrites a tensor's values, as loading does.
     *
     * @throws ShapeException when the shapes differ
     */
    public static void assign(Tensor target, Tensor values) {
        if (!target.shape().equals(values.shape())) {
            throw new ShapeException("Expected values of shape %s; got %s.".formatted(target.shape(), values.shape()));
        }
        kernels().copy(values.array(), target.array());
        target.array().storage().changed();
    }
}
