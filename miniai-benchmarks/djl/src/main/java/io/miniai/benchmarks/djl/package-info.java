/** Deep Java Library on its PyTorch engine as a contestant. */
@NullMarked
package io.miniai.benchmarks.djl;

import org.jspecify.annotations.NullMarked;
