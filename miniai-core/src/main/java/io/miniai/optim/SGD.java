package io.miniai.optim;

import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent, with PyTorch's formulas: {@code p −= lr·g}, where {@code g} is the gradient plus
 * {@code weightDecay·p}. With momentum {@code μ} a buffer {@code b = μ·b + (1 − dampening)·g} (at first {@code b = g})
 * takes the place of {@code g}; with Nesterov momentum {@code g + μ·b} does.
 *
 * <p>{@code SGD::new} is an {@link OptimizerFactory}. Settings hold from the next step on.
 */
public final class SGD extends StatefulOptimizer {
    private final @Nullable Tensor[] buffers = slots("momentum");
    private double momentum;
    private double dampening;
    private boolean nesterov;
    private double weightDecay;

    /**
     * Plain: no momentum, no weight decay.
     *
     * @throws IllegalArgumentException when there are no parameters, one is given twice, or the learning rate is
     *     negative or not finite
     */
    public SGD(List<Tensor> params, double lr) {
        super(params, lr);
    }

    /**
     * Classical momentum, usually 0.9; 0 for none.
     *
     * @throws IllegalArgumentException when not in [0, 1)
     */
    public SGD momentum(double momentum) {
        return momentum(momentum, 0);
    }

    /**
     * Classical momentum that takes in only {@code 1 − dampening} of each gradient.
     *
     * @throws IllegalArgumentException when one is not in [0, 1)
     */
    public SGD momentum(double momentum, double dampening) {
        this.momentum = fraction("a momentum", momentum);
        this.dampening = fraction("a dampening", dampening);
        this.nesterov = false;
        return this;
    }

    /**
     * Nesterov momentum, in place of the classical one.
     *
     * @throws IllegalArgumentException when not in [0, 1)
     */
    public SGD nesterov(double momentum) {
        this.momentum = fraction("a momentum", momentum);
        this.dampening = 0;
        this.nesterov = momentum > 0;
        return this;
    }

    /**
     * L2 penalty: adds {@code weightDecay·p} to each gradient.
     *
     * @throws IllegalArgumentException when negative or not finite
     */
    public SGD weightDecay(double weightDecay) {
        this.weightDecay = atLeastZero("a weight decay", weightDecay);
        return this;
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of("momentum", momentum, "dampening", dampening, "nesterov", nesterov, "weight decay", weightDecay);
    }

    @Override
    void update(int i, Tensor p, long step) {
        boolean first = buffers[i] == null;
        Tensor buffer = momentum == 0 ? null : slot(buffers, i);
        TensorUpdates.sgd(p, lr(), weightDecay, momentum, dampening, nesterov, first, buffer);
    }
}
