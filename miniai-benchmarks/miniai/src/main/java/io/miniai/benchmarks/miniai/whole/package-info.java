/** Whole runs of the library: from files, over many steps, with callbacks, at growing sizes. */
@NullMarked
package io.miniai.benchmarks.miniai.whole;

import org.jspecify.annotations.NullMarked;
