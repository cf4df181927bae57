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

    /** Exponential moving average over about a twentieth of the curve, without a bias towards the first point. */
    double[] smoothed() {
        double keep = 1 - 1 / Math.max(1, points / 20.0);
        double[] out = new double[points];
        double average = 0;
        double weight = 0;
        for (int i = 0; i < points; i++) {
            average = keep * average + (1 - keep) * mean[i];
            weight = keep * weight + (1 - keep);
            out[i] = average / weight;
        }
        return out;
    }
}
