package io.miniai.tensor;

import io.miniai.tensor.kernel.Array;

/**
 * A value that has been asked for but not yet computed, because what comes next may take it over: then one kernel
 * does both and the values between them never exist. Anything else that reads it computes it; both may happen.
 */
interface Pending {
    Shape shape();

    DType dtype();

    Array compute();
}
