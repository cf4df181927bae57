package io.miniai.nn;

import io.miniai.tensor.Tensor;

/** {@code 1 / (1 + e⁻ˣ)}, between 0 and 1, for each element. */
public final class Sigmoid extends Elementwise {
    @Override
    protected Tensor forward(Tensor x) {
        return x.sigmoid();
    }
}
