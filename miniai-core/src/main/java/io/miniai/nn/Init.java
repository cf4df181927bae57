package io.miniai.nn;

import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.util.function.Supplier;

/**
 * How parameters start: PyTorch's defaults, drawn from the library's own seeded generator.
 *
 * <p>A module that is not given an {@link Rng} takes the next one of its thread. Threads begin with the same
 * seed, so a program gives the same model every time, and a thread is never disturbed by models made in others.
 */
public final class Init {
    private static final class Stream {
        private long seed;
        private long next;
    }

    private static final ThreadLocal<Stream> STREAM = ThreadLocal.withInitial(Stream::new);

    private Init() {}

    /** Seeds the modules that this thread makes from here on (0 at first). */
    public static void seed(long seed) {
        Stream s = STREAM.get();
        s.seed = seed;
        s.next = 0;
    }

    /** The next generator of this thread, for one module. */
    public static Rng rng() {
        Stream s = STREAM.get();
        return Rng.of(s.seed, s.next++);
    }

    /** Runs something that makes modules without changing what modules made afterwards start with. */
    static <T> T aside(Supplier<T> body) {
        Stream s = STREAM.get();
        long seed = s.seed;
        long next = s.next;
        try {
            return body.get();
        } finally {
            s.seed = seed;
            s.next = next;
        }
    }

    /**
     * A weight {@code [out, in, …]}, uniform within ±1/√fan-in. That is Kaiming-uniform (He et al., 2015) with
     * {@code a = √5}: bound √(6 / ((1 + a²)·fan-in)), PyTorch's default for linear and convolution layers.
     */
    public static Tensor weight(Rng rng, int... shape) {
        int fanIn = 1;
        for (int i = 1; i < shape.length; i++) {
            fanIn *= shape[i];
        }
        return uniform(rng, fanIn, shape);
    }

    /** A bias {@code [out]}, uniform within ±1/√fan-in. */
    public static Tensor bias(Rng rng, int fanIn, int out) {
        return uniform(rng, fanIn, out);
    }

    private static Tensor uniform(Rng rng, int fanIn, int... shape) {
        double bound = 1 / Math.sqrt(fanIn);
        return Tensor.uniform(rng, -bound, bound, shape);
    }
}
