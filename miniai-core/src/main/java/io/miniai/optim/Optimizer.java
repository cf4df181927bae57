package io.miniai.optim;

import io.miniai.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Changes parameters by their gradients. Frozen parameters and those without a gradient stay as they are.
 *
 * <p>One of your own reads {@link Tensor#grad()} and writes by {@link io.miniai.tensor.TensorUpdates}, the only way to
 * change a tensor; without recording, and keeping what it remembers:
 *
 * <pre>{@code
 * public void step() {
 *     Tensor.noGrad(() -> {
 *         for (int i = 0; i < parameters.size(); i++) {
 *             Tensor p = parameters.get(i);
 *             if (p.requiresGrad() && p.grad() != null) {
 *                 TensorUpdates.assign(velocity[i], velocity[i].mul(0.9).add(p.grad()));
 *                 TensorUpdates.assign(p, p.sub(velocity[i].mul(lr)));
 *             }
 *         }
 *     });
 * }
 * }</pre>
 *
 * <p>There {@code velocity[i] = TensorUpdates.state(p)}: zeros like {@code p} that outlive the step.
 */
public interface Optimizer {
    /** Changes every parameter once. */
    void step();

    /** Forgets the gradients of all parameters. */
    void zeroGrad();

    /** The learning rate. */
    double lr();

    /**
     * Sets the learning rate for the next steps.
     *
     * @throws IllegalArgumentException when it is negative or not finite
     */
    void lr(double lr);

    /** How it is set beside the learning rate: numbers, texts and booleans by name, for a checkpoint to compare. */
    default Map<String, Object> settings() {
        return Map.of();
    }

    /** The parameters, in the order they were given. */
    List<Tensor> parameters();

    /**
     * What it remembers from step to step, by name and index of the parameter ({@code momentum.0}); empty before the
     * first step. The tensors are the optimizer's own: copy what shall not change with the next step.
     */
    Map<String, Tensor> state();

    /**
     * Continues from a saved {@link #state()} of the same optimizer on parameters of the same shapes. Copies.
     *
     * @throws IllegalArgumentException when a name is unknown or a shape is another
     */
    void load(Map<String, Tensor> state);
}
