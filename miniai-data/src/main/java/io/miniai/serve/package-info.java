/** Predictions of a trained model, from any number of threads. */
@NullMarked
package io.miniai.serve;

import org.jspecify.annotations.NullMarked;
