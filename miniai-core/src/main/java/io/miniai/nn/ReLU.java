package io.miniai.nn;

import io.miniai.tensor.Tensor;

/** {@code max(x, 0)}, for each element. */
public final class ReLU extends Elementwise {
    @Override
    protected Tensor forward(Tensor x) {
        return x.relu();
    }
}
