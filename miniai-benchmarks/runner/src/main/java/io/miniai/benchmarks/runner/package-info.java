/** Starts the contestants, each in its own process, measures them in turn, and reports. */
@NullMarked
package io.miniai.benchmarks.runner;

import org.jspecify.annotations.NullMarked;
