package io.miniai.optim;

import io.miniai.tensor.Tensor;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov, Hutter, 2019), with PyTorch's formulas: before each step of
 * {@link Adam} the parameter shrinks, {@code p −= lr·weightDecay·p}; the decay, 0.01 by default, does not pass through
 * the running means.
 */
public final class AdamW extends AdamOptimizer<AdamW> {
    /**
     * With PyTorch's defaults.
     *
     * @throws IllegalArgumentException when there are no parameters, one is given twice, or the learning rate is
     *     negative or not finite
     */
    public AdamW(List<Tensor> params, double lr) {
        super(params, lr, true, 0.01);
    }

    @Override
    AdamW self() {
        return this;
    }
}
