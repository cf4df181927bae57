package io.miniai.tensor.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Several weighted sums of the same rows of numbers: {@code sum[o] = start[o] + Σ weight[o, tap]·row[tap]}. For one
 * thread.
 *
 * <p>Three rows are added to two sums in one loop. That is as much as the JIT vectorises (with a fourth row it gives
 * up, six times slower), and only because every row is an array of its own, read at one index, and because the loops
 * are compiled by themselves (see {@link #addTo}).
 */
final class WeightedRows {
    private static final int AT_ONCE = 3;

    private final float[] weight;
    private final int outputs;
    private final int taps;

    /** The rows that wait to be added, then the sums, then one sum that nobody reads: the pair of the last odd one. */
    private final float[][] rows;

    private final int[] waiting = new int[AT_ONCE];
    private int count;
    private int length;

    /** Sums of rows of up to {@code longest} numbers, with a weight {@code [outputs, taps]}. */
    WeightedRows(Scratch s, float[] weight, int outputs, int taps, int longest) {
        this.weight = weight;
        this.outputs = outputs;
        this.taps = taps;
        rows = s.rows(AT_ONCE + outputs + 1, longest);
    }

    /** Begins sums of rows of this length: with these numbers, or with 0. */
    void start(float @Nullable [] values, int rowLength) {
        length = rowLength;
        count = 0;
        for (int o = 0; o < outputs; o++) {
            Arrays.fill(of(o), 0, length, values == null ? 0f : values[o]);
        }
    }

    /** Where to write the row of this tap, before the next one is asked for. */
    float[] next(int tap) {
        if (count == AT_ONCE) {
            add();
        }
        waiting[count] = tap;
        return rows[count++];
    }

    /** Adds what still waits. */
    void finish() {
        if (count > 0) {
            add();
        }
    }

    /** A sum; valid until the next {@link #start}. */
    float[] of(int output) {
        return rows[AT_ONCE + output];
    }

    private void add() {
        for (int o = 0; o < outputs; o += 2) {
            int w = o * taps;
            addTo(of(o), of(o + 1), rows, waiting, count, weight, w, o + 1 < outputs ? w + taps : w, length);
        }
        count = 0;
    }

    /**
     * Adds the waiting rows to two sums, whose weights begin at {@code w} and {@code v}; to one if these are equal.
     *
     * <p>These loops stay in one method on purpose: together they are longer than the 325 bytecodes that HotSpot
     * inlines. Inlined among the loops of a caller they are no longer vectorised, and four times slower.
     */
    private static void addTo(
            float[] y, float[] z, float[][] rows, int[] taps, int count, float[] weight, int w, int v, int length) {
        float[] a = rows[0];
        float ya = weight[w + taps[0]];
        float za = weight[v + taps[0]];
        if (count == 1) {
            for (int i = 0; i < length; i++) {
                y[i] += ya * a[i];
            }
            for (int i = 0; i < length; i++) {
                z[i] += za * a[i];
            }
            return;
        }
        float[] b = rows[1];
        float yb = weight[w + taps[1]];
        float zb = weight[v + taps[1]];
        if (count == 2) {
            for (int i = 0; i < length; i++) {
                float p = a[i];
                float q = b[i];
                y[i] += ya * p + yb * q;
                z[i] += za * p + zb * q;
            }
            return;
        }
        float[] c = rows[2];
        float yc = weight[w + taps[2]];
        float zc = weight[v + taps[2]];
        if (w == v) {
            for (int i = 0; i < length; i++) {
                y[i] += ya * a[i] + yb * b[i] + yc * c[i];
            }
            return;
        }
        for (int i = 0; i < length; i++) {
            float p = a[i];
            float q = b[i];
            float r = c[i];
            y[i] += ya * p + yb * q + yc * r;
            z[i] += za * p + zb * q + zc * r;
        }
    }
}
