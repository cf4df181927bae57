/** Datasets, loaders and pictures. */
@NullMarked
package io.miniai.data;

import org.jspecify.annotations.NullMarked;
