package io.miniai.optim;

import io.miniai.tensor.Tensor;
import java.util.List;

/**
 * Adam (Kingma, Ba, 2015), with PyTorch's formulas: {@code m = β₁·m + (1 − β₁)·g}, {@code v = β₂·v + (1 − β₂)·g²},
 * {@code p −= lr·m̂ / (√v̂ + eps)}, where {@code m̂ = m / (1 − β₁ᵗ)}, {@code v̂ = v / (1 − β₂ᵗ)}. Weight decay, 0 by
 * default, is added to the gradient; {@link AdamW} is the better choice with one.
 */
public final class Adam extends AdamOptimizer<Adam> {
    /**
     * With PyTorch's defaults.
     *
     * @throws IllegalArgumentException when there are no parameters, one is given twice, or the learning rate is
     *     negative or not finite
     */
    public Adam(List<Tensor> params, double lr) {
        super(params, lr, false, 0);
    }

    @Override
    Adam self() {
        return this;
    }
}
