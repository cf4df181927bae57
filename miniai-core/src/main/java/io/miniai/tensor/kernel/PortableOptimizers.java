package io.miniai.tensor.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Optimizer steps in place, as PyTorch defines them. */
final class PortableOptimizers {
    /** So many steps that 1 − betaᵗ is 1 in ND4J's Adam. */
    private static final int NO_BIAS_CORRECTION = Integer.MAX_VALUE - 1;

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
     * ND4J's fused Adam divides by √v + ε where PyTorch divides by √v/√c₂ + ε, and computes the bias
     * corrections c₁, c₂ in float32, where 1 − 0.999 has four right digits. So the corrections are
     * computed here in double precision and put into lr and ε.
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
        INDArray gradient = grad.flat();
        if (decoupled) {
            shrink(p, lr * weightDecay);
        } else if (weightDecay != 0) {
            PortableMemory.copy(grad, update);
            PortableElementwise.axpy(weightDecay, p, update);
            gradient = update.flat();
        }
        INDArray first = m.flat();
        INDArray second = v.flat();
        Ops.run(
                "adam_updater",
                new INDArray[] {gradient, second, first},
                new INDArray[] {update.flat(), second, first},
                new double[] {lr * rootC2 / c1, beta1, beta2, eps * rootC2},
                NO_BIAS_CORRECTION);
        PortableElementwise.axpy(-1, update, p);
    }
}
