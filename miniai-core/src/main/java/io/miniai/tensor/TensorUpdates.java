package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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

    /** Whether the gradient of a parameter has no value that is NaN or infinite; true when there is no gradient. */
    public static boolean isGradFinite(Tensor p) {
        Array grad = p.gradArray();
        return grad == null || kernels().isFinite(grad);
    }

    /** The sum of the squares of a parameter's gradient; 0 when there is none. */
    public static double gradSquares(Tensor p) {
        Array grad = p.gradArray();
        return grad == null
                ? 0
                : temporarily(() -> new Tensor(grad).square().sum().item());
    }

    /** Multiplies the gradient of a parameter by a factor, as clipping by norm does. */
    public static void scaleGrad(Tensor p, double factor) {
        changeGrad(p, g -> g.mul(factor));
    }

    /** Brings every value of a parameter's gradient into [−limit, limit]; NaN stays. */
    public static void clampGrad(Tensor p, double limit) {
        changeGrad(p, g -> g.clamp(-limit, limit));
    }

    private static void changeGrad(Tensor p, UnaryOperator<Tensor> change) {
        Array grad = p.ownGradArray();
        if (grad != null) {
            temporarily(() -> {
                kernels().copy(change.apply(new Tensor(grad)).array(), grad);
                return grad;
            });
        }
    }

    /** What is made in there is given back at once. */
    private static <T> T temporarily(Supplier<T> work) {
        Workspace workspace = new Workspace();
        Workspace.Entered inside = workspace.enter();
        try {
            return Tensor.noGrad(work);
        } finally {
            inside.close();
            workspace.release();
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
