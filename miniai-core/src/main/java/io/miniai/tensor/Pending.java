package io.miniai.tensor;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Order;
import io.miniai.tensor.kernel.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A value that has been asked for but not yet computed, because what comes next may take it over: then one kernel
 * does both and the values between them never exist. Anything else that reads it computes it; both may happen.
 *
 * <p>What it computes belongs to the scope in which it was asked for, or to nobody if that is not the current one any more.
 */
abstract class Pending {
    private final @Nullable Scope scope = Scope.current();

    abstract Shape shape();

    abstract DType dtype();

    /**
     * Computes it.
     *
     * @param wanted the memory order in which it is about to be read, if it can be had at once
     */
    final Array compute(Order wanted) {
        Scope reader = enterOwnScope();
        try {
            return computed(wanted);
        } finally {
            Scope.leave(reader);
        }
    }

    abstract Array computed(Order wanted);

    /** Has its scope take what is made from now on. @return that of the reader, to be handed to {@link Scope#leave} */
    final @Nullable Scope enterOwnScope() {
        Scope reader = Scope.current();
        if (reader != scope) {
            Scope.suspend();
        }
        return reader;
    }
}
