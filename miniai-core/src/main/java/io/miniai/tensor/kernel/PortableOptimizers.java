package io.miniai.tensor.kernel;

import org.jspecify.annotations.Nullable;

/** Optimizer steps in place, as PyTorch defines them. */
final class PortableOptimizers {
    private PortableOptimizers() {}

    static void sgd(
            Array p,
            Array grad,
            double lr,
            double weightDecay,
            double momentum,
            double dampening,
            boolean nesterov,
            boolean first,
            @Nullable Array buffer) {
        if (buffer == null) {
            descend(p, grad, lr, weightDecay);
            return;
        }
        if (first) {
            PortableMemory.copy(grad, buffer);
            addDecay(weightDecay, p, buffer);
        } else {
            PortableElementwise.scale(buffer.flat(), momentum);
            PortableElementwise.axpy(1 - dampening, grad, buffer);
            addDecay((1 - dampening) * weightDecay, p, buffer);
        }
        if (nesterov) {
            descend(p, grad, lr, weightDecay);
            PortableElementwise.axpy(-lr * momentum, buffer, p);
        } else {
            PortableElementwise.axpy(-lr, buffer, p);
        }
    }

    /** p −= lr · (grad + weightDecay · p), without a temporary for the sum. */
    private static void descend(Array p, Array grad, double lr, double weightDecay) {
        shrink(p, lr * weightDecay);
        PortableElementwise.axpy(-lr, grad, p);
    }

    private static void shrink(Array p, double fraction) {
        if (fraction != 0) {
            PortableElementwise.scale(p.flat(), 1 - fraction);
        }
    }

    private static void addDecay(double factor, Array p, Array sum) {
        if (factor != 0) {
            PortableElementwise.axpy(factor, p, sum);
        }
    }

    /**
     * In elementary operations, not by ND4J's fused Adam: that takes 1 − beta and the bias corrections in float32,
     * where 1 − 0.999 has four right digits, and adds ε to √v where PyTorch adds it to √v/√c₂. After a hundred
     * steps its losses were up to 0.6 % off.
     */
    static void adam(
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
        double c1 = 1 - Math.pow(beta1, (double) step);
        double rootC2 = Math.sqrt(1 - Math.pow(beta2, (double) step));
        Array update = p.allocateLike();
        Array gradient = grad;
        if (decoupled) {
            shrink(p, lr * weightDecay);
        } else if (weightDecay != 0) {
            gradient = p.allocateLike();
            PortableMemory.copy(grad, gradient);
            PortableElementwise.axpy(weightDecay, p, gradient);
        }
        PortableElementwise.scale(m.flat(), beta1);
        PortableElementwise.axpy(1 - beta1, gradient, m);
        PortableElementwise.unary(Unary.SQUARE, gradient, update);
        PortableElementwise.scale(v.flat(), beta2);
        PortableElementwise.axpy(1 - beta2, update, v);
        PortableElementwise.unary(Unary.SQRT, v, update);
        PortableElementwise.scale(update.flat(), 1 / rootC2);
        PortableElementwise.scalar(Binary.ADD, update, eps, update);
        PortableElementwise.divide(m.flat(), update.flat(), update.flat());
        PortableElementwise.axpy(-lr / c1, update, p);
    }
}
