/**
 * Datasets of images, MNIST and Fashion-MNIST, and loaders that make batches of them.
 *
 * <p>Start at {@link io.miniai.data.FashionMnist} and {@link io.miniai.data.DataLoaders}; for images of your
 * own at {@link io.miniai.data.PngFolder}.
 */
@NullMarked
package io.miniai.data;

import org.jspecify.annotations.NullMarked;
