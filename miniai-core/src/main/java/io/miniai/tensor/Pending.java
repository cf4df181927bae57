package io.miniai.tensor;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Order;

/**
 * A value that has been asked for but not yet computed, because what comes next may take it over: then one kernel
 * does both and the values between them never exist. Anything else that reads it computes it; both may happen.
 */
interface Pending {
    Shape shape();

    DType dtype();

    /**
     * Computes it.
     *
     * @param wanted the memory order in which it is about to be read, if it can be had at once
     */
    Array compute(Order wanted);
}
