package io.miniai.tensor.kernel;

/**
 * The exponential function on Java arrays, in loops that the JIT vectorises: 2ⁿ·e^f with n the nearest whole
 * number of x / ln 2, and a polynomial for e^f. Within one unit in the last place or two of the true value.
 *
 * <p>Method and coefficients: S. Moshier, Cephes mathematical library, expf.
 */
final class CpuExp {
    private static final float LOWEST = -87f;
    private static final float HIGHEST = 88f;
    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -0.00021219444f;

    /** Added to a number of this size, a float has no place for a fraction: it is rounded, n in its last bits. */
    private static final float ROUNDING = 12582912f; // 1.5·2²³

    private static final int MANTISSA_BITS = 23;
    private static final int ONE = 0x3F800000;

    private CpuExp() {}

    /** In place for the first n floats. Below −87 and above 88 the value at that limit; NaN stays NaN. */
    static void exp(float[] x, int n) {
        Scratch s = Scratch.get();
        float[] rounded = s.floats(3, n);
        for (int i = 0; i < n; i++) {
            x[i] = Math.min(HIGHEST, Math.max(LOWEST, x[i]));
        }
        for (int i = 0; i < n; i++) {
            rounded[i] = x[i] * LOG2_E + ROUNDING;
        }
        for (int i = 0; i < n; i++) {
            float whole = rounded[i] - ROUNDING;
            x[i] = (x[i] - whole * LN2_HIGH) - whole * LN2_LOW;
        }
        float[] powers = powersOfTwo(rounded, n, s);
        for (int i = 0; i < n; i++) {
            float f = x[i];
            float p = ((0.00019875691f * f + 0.0013981999f) * f + 0.008333452f) * f + 0.041665796f;
            x[i] = (((p * f + 0.16666666f) * f + 0.5f) * f * f + f + 1f) * powers[i];
        }
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
