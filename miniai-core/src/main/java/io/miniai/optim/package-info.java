/** Optimizers. */
@NullMarked
package io.miniai.optim;

import org.jspecify.annotations.NullMarked;
