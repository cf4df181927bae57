package io.miniai.tensor.kernel;

/**
 * SplitMix64 (Steele, Lea, Flood: <em>Fast splittable pseudorandom number generators</em>, 2014): random numbers whose
 * whole state is one number, and of which any can be computed without those before it.
 */
public final class SplitMix {
    /** What a draw adds to the state. */
    public static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private SplitMix() {}

    /** All 64 bits of the draw that leaves this state behind. */
    public static long mix(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The same as a number, uniform in 0 … 2⁵³ − 1. */
    static long bits53(long state) {
        return mix(state) >>> 11;
    }

    /** How many of the numbers of {@link #bits53} make up a share of all of them. */
    static long share53(double share) {
        return (long) Math.ceil(share * 0x1.0p53);
    }
}
