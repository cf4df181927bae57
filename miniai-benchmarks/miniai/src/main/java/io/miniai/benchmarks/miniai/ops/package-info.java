/** JMH benchmarks of single operations through the public API. */
@NullMarked
package io.miniai.benchmarks.miniai.ops;

import org.jspecify.annotations.NullMarked;
