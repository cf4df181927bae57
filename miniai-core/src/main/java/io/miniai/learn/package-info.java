/** The training loop, its state, its steps and its hooks. */
@NullMarked
package io.miniai.learn;

import org.jspecify.annotations.NullMarked;
