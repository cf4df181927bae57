/** The networks of the lesson in PyTorch, called through JavaCPP. */
@NullMarked
package io.miniai.benchmarks.libtorch;

import org.jspecify.annotations.NullMarked;
