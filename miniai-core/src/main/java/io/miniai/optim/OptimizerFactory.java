package io.miniai.optim;

import io.miniai.tensor.Tensor;
import java.util.List;

/**
 * Makes a new optimizer for every fit: {@code SGD::new}, or with settings
 * {@code (params, lr) -> new SGD(params, lr).momentum(0.9)}.
 */
@FunctionalInterface
public interface OptimizerFactory {
    /** An optimizer for these parameters, starting with this learning rate. */
    Optimizer create(List<Tensor> params, double lr);
}
