/** The library itself as a contestant, and what is measured of it alone. */
@NullMarked
package io.miniai.benchmarks.miniai;

import org.jspecify.annotations.NullMarked;
