/** Floor 1: tensors with reverse-mode gradients, and the device they live on. Start at {@link io.miniai.tensor.Tensor}. */
@NullMarked
package io.miniai.tensor;

import org.jspecify.annotations.NullMarked;
