/** What a contestant and the runner share: the tasks, their inputs, and the lines they exchange. */
@NullMarked
package io.miniai.benchmarks.protocol;

import org.jspecify.annotations.NullMarked;
