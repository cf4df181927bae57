package io.miniai.nn;

import io.miniai.tensor.Tensor;

/** Stands between a module's caller and its forward; modules nobody looks at have none. */
@FunctionalInterface
interface Interceptor {
    Tensor call(Module m, Tensor x);
}
