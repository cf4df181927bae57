package io.miniai.benchmarks.miniai.ops;

import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Workspace;
import java.util.function.Supplier;

/** Inputs that stay, and a workspace for what an operation makes, as in a training step. */
class OpState {
    private final Workspace workspace = new Workspace();
    private final Rng rng = Rng.of(1);

    /** Random numbers around 0. */
    final Tensor random(int... shape) {
        return Tensor.randn(rng, shape);
    }

    /** Random numbers around 0 that gradients are wanted for. */
    final Tensor parameter(int... shape) {
        return random(shape).requiresGrad(true);
    }

    /** Gives back what the last operation made, and does this one. */
    final Tensor run(Supplier<Tensor> operation) {
        workspace.release();
        try (var step = workspace.enter()) {
            return operation.get();
        }
    }
}
