package io.miniai.data;

import io.miniai.tensor.Rng;

/** Changes a sample on its way into a batch, for example at random; must be safe for use by several threads. */
@FunctionalInterface
public interface ImageTransform {
    /**
     * Makes a changed sample of the same size; the given one and its pixels stay as they are.
     *
     * @param sample what the dataset holds
     * @param rng draws for this sample in this epoch: the same for any number of workers
     */
    Sample apply(Sample sample, Rng rng);
}
