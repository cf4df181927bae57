package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a leaf: one array that lives from step to step and sums what backward sends. Once it was
 * shown to the user it is the user's, and the next step starts another.
 */
final class LeafGradient {
    private @Nullable Array sum;
    private boolean set;
    private boolean shown;

    void add(Array dy) {
        Array s = sum;
        if (s == null) {
            s = allocateLike(dy);
            sum = s;
        }
        if (set) {
            kernels().axpy(1, dy, own(s));
        } else {
            kernels().copy(dy, s);
            set = true;
        }
    }

    /** The sum, to be changed: a copy, if the user has it. */
    private Array own(Array s) {
        if (!shown) {
            return s;
        }
        Array copy = allocateLike(s);
        kernels().copy(s, copy);
        sum = copy;
        shown = false;
        return copy;
    }

    /** The sum, to be changed in place; null if there is none. */
    @Nullable
    Array own() {
        return set && sum != null ? own(sum) : null;
    }

    /** It outlives the step, so it is made outside of the step's scope. */
    private static Array allocateLike(Array dy) {
        Scope before = Scope.suspend();
        try {
            return dy.allocateLike();
        } finally {
            Scope.leave(before);
        }
    }

    boolean isSet() {
        return set;
    }

    @Nullable
    Array array() {
        return set ? sum : null;
    }

    @Nullable
    Tensor shown() {
        Array s = sum;
        if (!set || s == null) {
            return null;
        }
        shown = true;
        return new Tensor(s);
    }

    void clear() {
        set = false;
        if (shown) {
            sum = null;
            shown = false;
        }
    }
}
