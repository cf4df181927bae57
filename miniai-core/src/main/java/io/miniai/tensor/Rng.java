package io.miniai.tensor;

import io.miniai.tensor.kernel.SplitMix;

/**
 * A small seeded random generator whose whole state is one number: the same seed gives the same draws on
 * every platform, and any stream can be saved and taken up again.
 *
 * <p>{@link SplitMix SplitMix64}. Not thread-safe; {@link #split} gives independent generators for other threads.
 */
public final class Rng {
    private long state;

    private Rng(long state) {
        this.state = state;
    }

    /** A generator for this seed. */
    public static Rng of(long seed) {
        return new Rng(SplitMix.mix(seed));
    }

    /** A generator for this seed and keys, such as epoch and sample: independent for every combination. */
    public static Rng of(long seed, long... keys) {
        long s = SplitMix.mix(seed);
        for (long k : keys) {
            s = derived(s, k);
        }
        return new Rng(s);
    }

    /** An independent generator for this key; this one is left as it is. */
    public Rng split(long key) {
        return new Rng(derived(state, key));
    }

    /** The state is mixed once more than the key: otherwise they could change places. */
    private static long derived(long state, long key) {
        return SplitMix.mix(SplitMix.mix(state) + SplitMix.GOLDEN + SplitMix.mix(key));
    }

    /** All 64 bits. */
    public long nextLong() {
        state += SplitMix.GOLDEN;
        return SplitMix.mix(state);
    }

    /** Uniform in [0, 1). */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [0, 1). */
    public float nextFloat() {
        return (nextLong() >>> 40) * 0x1.0p-24f;
    }

    /** Uniform in 0 … bound − 1. @throws IllegalArgumentException when bound is below 1 */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("Expected a bound of at least 1; got " + bound + ".");
        }
        return (int) Math.multiplyHigh(nextLong() >>> 1, (long) bound << 1);
    }

    /** Normal with mean 0 and variance 1 (Box–Muller; two uniform draws each). */
    public double nextGaussian() {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * nextDouble());
    }

    /** The numbers 0 … n − 1 in random order (Fisher–Yates). */
    public int[] permutation(int n) {
        int[] p = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            p[i] = p[j];
            p[j] = i;
        }
        return p;
    }

    /** Leaves out as many draws of {@link #nextLong}. */
    void skip(long draws) {
        state += draws * SplitMix.GOLDEN;
    }

    /** The whole state, for {@link #state(long)}. */
    public long state() {
        return state;
    }

    /** Continues from a saved state. */
    public void state(long saved) {
        state = saved;
    }
}
