package io.miniai.nn;

import io.miniai.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Any function of a tensor as a module without state: {@code new Lambda("square", Tensor::square)}. */
public final class Lambda extends Module {
    final String name;
    private final UnaryOperator<Tensor> function;

    /** A module that applies {@code function} and is shown under {@code name}. */
    public Lambda(String name, UnaryOperator<Tensor> function) {
        this.name = name;
        this.function = function;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return function.apply(x);
    }

    @Override
    public String label() {
        return "Lambda(" + name + ")";
    }
}
