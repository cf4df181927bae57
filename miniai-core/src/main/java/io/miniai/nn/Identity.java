package io.miniai.nn;

import io.miniai.tensor.Tensor;

/** Lets its input through. */
public final class Identity extends Elementwise {
    @Override
    protected Tensor forward(Tensor x) {
        return x;
    }
}
