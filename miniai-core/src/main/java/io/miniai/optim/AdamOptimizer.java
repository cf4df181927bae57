package io.miniai.optim;

import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adam and AdamW differ only in where the weight decay goes. */
abstract class AdamOptimizer<T extends AdamOptimizer<T>> extends StatefulOptimizer {
    private final @Nullable Tensor[] means = slots("exp_avg");
    private final @Nullable Tensor[] squares = slots("exp_avg_sq");
    private final boolean decoupled;
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double eps = 1e-8;
    private double weightDecay;

    AdamOptimizer(List<Tensor> params, double lr, boolean decoupled, double weightDecay) {
        super(params, lr);
        this.decoupled = decoupled;
        this.weightDecay = weightDecay;
    }

    abstract T self();

    /**
     * How much of the running means of gradients (0.9 by default) and of their squares (0.999) stays in a step.
     *
     * @throws IllegalArgumentException when one is not in [0, 1)
     */
    public final T betas(double beta1, double beta2) {
        this.beta1 = fraction("a beta1", beta1);
        this.beta2 = fraction("a beta2", beta2);
        return self();
    }

    /**
     * What keeps the division from overflowing (1e-8 by default).
     *
     * @throws IllegalArgumentException when negative or not finite
     */
    public final T eps(double eps) {
        this.eps = atLeastZero("an eps", eps);
        return self();
    }

    /**
     * The weight decay.
     *
     * @throws IllegalArgumentException when negative or not finite
     */
    public final T weightDecay(double weightDecay) {
        this.weightDecay = atLeastZero("a weight decay", weightDecay);
        return self();
    }

    @Override
    public final Map<String, Object> settings() {
        return Map.of("beta1", beta1, "beta2", beta2, "eps", eps, "weight decay", weightDecay);
    }

    @Override
    final void update(int i, Tensor p, long step) {
        Tensor m = slot(means, i);
        Tensor v = slot(squares, i);
        TensorUpdates.adam(p, m, v, lr(), beta1, beta2, eps, weightDecay, decoupled, step);
    }
}
