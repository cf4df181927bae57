/** Deeplearning4j as a contestant. */
@NullMarked
package io.miniai.benchmarks.dl4j;

import org.jspecify.annotations.NullMarked;
