package io.miniai.nn;

import io.miniai.tensor.Tensor;

/** {@code tanh x}, between −1 and 1, for each element. */
public final class Tanh extends Elementwise {
    @Override
    protected Tensor forward(Tensor x) {
        return x.tanh();
    }
}
