package io.miniai.nn;

import io.miniai.tensor.Tensor;

/** Looks at what goes into and comes out of a module, for inspection: activations, statistics, shapes. */
@FunctionalInterface
public interface ForwardHook {
    /**
     * Called after {@code module} has turned {@code input} into {@code output}. What it throws reaches the
     * caller of the module. During training the tensors belong to the step: {@code keep()} what shall outlive it.
     */
    void afterForward(Module module, Tensor input, Tensor output);
}
