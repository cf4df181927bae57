package io.miniai.tensor;

/**
 * A small seeded random generator whose whole state is one number: the same seed gives the same draws on
 * every platform, and any stream can be saved and taken up again.
 *
 * <p>SplitMix64 (Steele, Lea, Flood: <em>Fast splittable pseudorandom number generators</em>, 2014). Not
 * thread-safe; {@link #split} gives independent generators for other threads.
 */
public final class Rng {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    private Rng(long state) {
        this.state = state;
    }

    /** A generator for this seed. */
    public static Rng of(long seed) {
        return new Rng(mix(seed));
    }

    /** A generator for this seed and keys, such as epoch and sample: independent for every combination. */
    public static Rng of(long seed, long... keys) {
        long s = mix(seed);
        for (long k : keys) {
            s = mix(s + GOLDEN + mix(k));
        }
        return new Rng(s);
    }

    /** An independent generator for this key; this one is left as it is. */
    public Rng split(long key) {
        return new Rng(mix(state + GOLDEN + mix(key)));
    }

    /** All 64 bits. */
    public long nextLong() {
        state += GOLDEN;
        return mix(state);
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

    /** The whole state, for {@link #state(long)}. */
    public long state() {
        return state;
    }

    /** Continues from a saved state. */
    public void state(long saved) {
        state = saved;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
