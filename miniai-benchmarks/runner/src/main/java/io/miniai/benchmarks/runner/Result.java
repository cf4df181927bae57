package io.miniai.benchmarks.runner;

import io.miniai.benchmarks.protocol.Task;
import java.util.Arrays;
import java.util.List;

/**
 * What a contestant needed for a task.
 *
 * @param rounds the median step of each round, in nanoseconds
 */
record Result(Task task, Peer peer, List<Double> rounds) {
    Result {
        rounds = List.copyOf(rounds);
    }

    /** The median of the rounds' medians, in microseconds. */
    double median() {
        return median(rounds.stream().mapToDouble(Double::doubleValue).toArray()) / 1e3;
    }

    /** The fastest round's median, in microseconds. */
    double fastest() {
        return rounds.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN) / 1e3;
    }

    /** The slowest round's median, in microseconds. */
    double slowest() {
        return rounds.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN) / 1e3;
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
