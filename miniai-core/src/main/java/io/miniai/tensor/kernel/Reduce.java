package io.miniai.tensor.kernel;

/** Reductions over one or more dimensions. */
public enum Reduce {
    SUM,
    MEAN,
    MAX,
    MIN
}
