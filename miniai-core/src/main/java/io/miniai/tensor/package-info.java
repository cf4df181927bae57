/** Tensors with reverse-mode gradients, shapes, random numbers and the device they live on. */
@NullMarked
package io.miniai.tensor;

import org.jspecify.annotations.NullMarked;
