package io.miniai.benchmarks.libtorch;

import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** PyTorch's optimizers from plain settings. */
public final class Optimizers {
    private Optimizers() {}

    /** Stochastic gradient descent. */
    public record Sgd(double lr, double momentum, double dampening, double weightDecay, boolean nesterov) {
        /** Without momentum or decay. */
        public static Sgd plain(double lr) {
            return new Sgd(lr, 0, 0, 0, false);
        }

        /** An optimizer over these leaves. */
        public Optimizer over(Tensor... parameters) {
            SGDOptions options = new SGDOptions(lr);
            options.momentum().put(momentum);
            options.dampening().put(dampening);
            options.weight_decay().put(weightDecay);
            options.nesterov().put(nesterov);
            return new SGD(new TensorVector(parameters), options);
        }
    }

    /**
     * Adam or AdamW with PyTorch's default betas (0.9, 0.999).
     *
     * @param decoupled AdamW's weight decay, applied to the weights and not to the gradient
     */
    public record AdamLike(double lr, double eps, double weightDecay, boolean decoupled) {
        /** An optimizer over these leaves. */
        public Optimizer over(Tensor... parameters) {
            TensorVector vector = new TensorVector(parameters);
            if (decoupled) {
                AdamWOptions options = new AdamWOptions(lr);
                options.eps().put(eps);
                options.weight_decay().put(weightDecay);
                return new AdamW(vector, options);
            }
            AdamOptions options = new AdamOptions(lr);
            options.eps().put(eps);
            options.weight_decay().put(weightDecay);
            return new Adam(vector, options);
        }
    }
}
