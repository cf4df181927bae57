package io.miniai.tensor.kernel;

/**
 * Functions on Java arrays, in loops that the JIT vectorises, to one, two or three units in the last place of the true
 * value. The exponential is 2ⁿ·e^f with n the nearest whole number of x / ln 2 and a polynomial for e^f; the logarithm
 * takes a float apart the same way.
 *
 * <p>Methods and coefficients: S. Moshier, Cephes mathematical library, expf and logf.
 */
final class CpuMath {
    private static final float LOWEST = -87f;
    private static final float HIGHEST = 88f;

    /** From 2x of this size on the tangent of x is 1 in float32. */
    private static final float TANH_IS_ONE = 20f;

    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -0.00021219444f;

    /** Added to a number of this size, a float has no place for a fraction: it is rounded, n in its last bits. */
    private static final float ROUNDING = 12582912f; // 1.5·2²³

    /** The mantissas of logarithms are between this and twice as much. */
    private static final int ROOT_OF_HALF = Float.floatToRawIntBits(0.70710677f);

    private static final int MANTISSA_BITS = 23;
    private static final int ONE = 0x3F800000;

    private CpuMath() {}

    /** In place for the first n floats. Below −87 and above 88 the value at that limit; NaN stays NaN. */
    static void exp(float[] x, int n) {
        float[] powers = split(x, n, LOWEST, HIGHEST);
        for (int i = 0; i < n; i++) {
            x[i] = (lessOne(x[i]) + 1f) * powers[i];
        }
    }

    /**
     * The hyperbolic tangent, (e^2x − 1) / (e^2x + 1), in place for the first n floats; NaN stays NaN. With e^2x − 1
     * computed as such, a small x does not lose its digits.
     */
    static void tanh(float[] x, int n) {
        for (int i = 0; i < n; i++) {
            x[i] *= 2f;
        }
        float[] powers = split(x, n, -TANH_IS_ONE, TANH_IS_ONE);
        for (int i = 0; i < n; i++) {
            float t = lessOne(x[i]) * powers[i] + (powers[i] - 1f);
            x[i] = t / (t + 2f);
        }
    }

    /** Whether {@link #exp} is right for x. */
    static boolean canExp(float x) {
        return x >= LOWEST && x <= HIGHEST;
    }

    /** The natural logarithm, in place for the first n floats; right where {@link #canLog} says so. */
    static void log(float[] x, int n) {
        Scratch s = Scratch.get();
        float[] exponents = s.floats(3, n);
        Scratch.Tile tile = s.tile(2, n);
        int[] bits = s.ints(0, n);
        tile.floats.put(0, x, 0, n);
        tile.ints.get(0, bits, 0, n);
        for (int i = 0; i < n; i++) {
            int exponent = (bits[i] - ROOT_OF_HALF) >> MANTISSA_BITS;
            exponents[i] = exponent;
            bits[i] -= exponent << MANTISSA_BITS;
        }
        tile.ints.put(0, bits, 0, n);
        tile.floats.get(0, x, 0, n);
        for (int i = 0; i < n; i++) {
            float f = x[i] - 1f;
            float p = ((0.070376836f * f - 0.1151461f) * f + 0.11676999f) * f - 0.12420141f;
            p = (((p * f + 0.14249323f) * f - 0.16668057f) * f + 0.20000714f) * f - 0.24999994f;
            p = (p * f + 0.3333333f) * f * f * f + exponents[i] * LN2_LOW - 0.5f * f * f;
            x[i] = f + p + exponents[i] * LN2_HIGH;
        }
    }

    /** Whether {@link #log} is right for x: positive, finite, and of full precision. */
    static boolean canLog(float x) {
        return x >= Float.MIN_NORMAL && x <= Float.MAX_VALUE;
    }

    /** e^f − 1 for f between −ln 2 / 2 and ln 2 / 2. */
    private static float lessOne(float f) {
        float p = ((0.00019875691f * f + 0.0013981999f) * f + 0.008333452f) * f + 0.041665796f;
        return ((p * f + 0.16666666f) * f + 0.5f) * f * f + f;
    }

    /** Puts f in the place of x between two bounds. @return 2ⁿ */
    private static float[] split(float[] x, int n, float lowest, float highest) {
        Scratch s = Scratch.get();
        float[] rounded = s.floats(3, n);
        for (int i = 0; i < n; i++) {
            x[i] = Math.min(highest, Math.max(lowest, x[i]));
        }
        for (int i = 0; i < n; i++) {
            rounded[i] = x[i] * LOG2_E + ROUNDING;
        }
        for (int i = 0; i < n; i++) {
            float whole = rounded[i] - ROUNDING;
            x[i] = (x[i] - whole * LN2_HIGH) - whole * LN2_LOW;
        }
        return powersOfTwo(rounded, n, s);
    }

    /** 2ⁿ from n in the last bits, by writing it into the exponent; bits change their type by way of native memory. */
    private static float[] powersOfTwo(float[] rounded, int n, Scratch s) {
        Scratch.Tile tile = s.tile(2, n);
        int[] bits = s.ints(0, n);
        tile.floats.put(0, rounded, 0, n);
        tile.ints.get(0, bits, 0, n);
        for (int i = 0; i < n; i++) {
            bits[i] = (bits[i] << MANTISSA_BITS) + ONE;
        }
        tile.ints.put(0, bits, 0, n);
        tile.floats.get(0, rounded, 0, n);
        return rounded;
    }
}
