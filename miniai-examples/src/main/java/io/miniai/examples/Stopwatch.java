package io.miniai.examples;

import java.util.Arrays;

/** Times short pieces of work. */
final class Stopwatch {
    private Stopwatch() {}

    /** The median time of one run in microseconds, after as many runs to warm up. */
    static double micros(int runs, Runnable work) {
        double[] micros = new double[runs];
        for (int i = -runs; i < runs; i++) {
            long start = System.nanoTime();
            work.run();
            micros[Math.max(i, 0)] = (System.nanoTime() - start) / 1e3;
        }
        Arrays.sort(micros);
        return micros[runs / 2];
    }
}
