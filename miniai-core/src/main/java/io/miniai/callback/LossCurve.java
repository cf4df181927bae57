package io.miniai.callback;

import java.util.Arrays;

/**
 * A curve of any number of values in bounded memory: when it is full, neighbours are averaged and each point
 * stands for twice as many values. Values that are not finite are left out.
 */
final class LossCurve {
    private static final int MOST_POINTS = 1024;

    private final double[] at = new double[MOST_POINTS];
    private final double[] mean = new double[MOST_POINTS];
    private int points;
    private int perPoint = 1;
    private long count;
    private double sum;
    private int pending;

    void add(double value) {
        count++;
        if (!Double.isFinite(value)) {
            return;
        }
        sum += value;
        pending++;
        if (pending == perPoint) {
            if (points == MOST_POINTS) {
                halve();
                return;
            }
            at[points] = count - (perPoint - 1) / 2.0;
            mean[points++] = sum / pending;
            sum = 0;
            pending = 0;
        }
    }

    /** Makes room; the value that found none waits for its neighbour. */
    private void halve() {
        for (int i = 0; i < MOST_POINTS / 2; i++) {
            at[i] = (at[2 * i] + at[2 * i + 1]) / 2;
            mean[i] = (mean[2 * i] + mean[2 * i + 1]) / 2;
        }
        points = MOST_POINTS / 2;
        perPoint *= 2;
    }

    /** How many values were added. */
    long count() {
        return count;
    }

    /** Which value each point stands for, counted from 1; the middle one where it stands for several. */
    double[] x() {
        return Arrays.copyOf(at, points);
    }

    double[] y() {
        return Arrays.copyOf(mean, points);
    }

    /**
     * The mean around each point, over about a twentieth of the curve. Around and not up to it, because that would lag
     * behind where the loss falls; near the start, where it falls fastest, over as many points before as after.
     */
    double[] smoothed() {
        int reach = points / 40;
        double[] sums = new double[points + 1];
        for (int i = 0; i < points; i++) {
            sums[i + 1] = sums[i] + mean[i];
        }
        double[] out = new double[points];
        for (int i = 0; i < points; i++) {
            int before = Math.min(i, reach);
            int after = Math.min(points - 1 - i, before);
            out[i] = (sums[i + after + 1] - sums[i - before]) / (before + after + 1);
        }
        return out;
    }
}
