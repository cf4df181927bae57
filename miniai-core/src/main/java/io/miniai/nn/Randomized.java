package io.miniai.nn;

import io.miniai.tensor.Rng;

/** A module that draws random numbers when it is applied; a checkpoint saves where its generator is. */
public interface Randomized {
    /** What it draws from, always the same object. */
    Rng rng();
}
