package io.miniai.tensor.kernel;

import java.lang.ref.Reference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a kernel so that its arrays outlive it.
 *
 * <p>Native code and buffers see memory, not arrays: an array whose last mention is behind us could be
 * collected, and its memory given to another thread, while it is still being read. So the arrays of the call
 * (the lambda holds them) and those that it allocates for itself (a scope does) stay reachable to its end; then
 * the latter are given back.
 */
final class KernelCall {
    private KernelCall() {}

    static void run(Runnable kernel) {
        Scope.OfThread thread = Scope.ofThread();
        Scope before = thread.current;
        thread.current = thread.temporaries;
        try {
            kernel.run();
        } finally {
            end(thread, before);
            Reference.reachabilityFence(kernel);
        }
    }

    static <T> T compute(Supplier<T> kernel) {
        Scope.OfThread thread = Scope.ofThread();
        Scope before = thread.current;
        thread.current = thread.temporaries;
        try {
            return kernel.get();
        } finally {
            end(thread, before);
            Reference.reachabilityFence(kernel);
        }
    }

    /** A kernel inside a kernel leaves the outer one's temporaries alone. */
    private static void end(Scope.OfThread thread, @Nullable Scope before) {
        thread.current = before;
        if (before != thread.temporaries) {
            thread.temporaries.release();
        }
    }
}
