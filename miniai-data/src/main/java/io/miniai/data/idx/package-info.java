/** The IDX files in which MNIST and Fashion-MNIST are published. */
@NullMarked
package io.miniai.data.idx;

import org.jspecify.annotations.NullMarked;
