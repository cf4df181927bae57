package io.miniai.benchmarks.runner;

import java.util.List;
import java.util.Locale;

/** Results in columns of text. */
final class Table {
    static final String HEADING = String.format(
            "%-12s %5s  %-9s %11s  %-21s %8s%n",
            "model", "batch", "who", "median µs", "rounds, min to max", "x miniai");

    private Table() {}

    /** One line for each contestant of a task. */
    static String rows(List<Result> ofTask) {
        StringBuilder text = new StringBuilder();
        double ours = ofTask.stream()
                .filter(r -> r.peer() == Peer.MINIAI)
                .mapToDouble(Result::median)
                .findFirst()
                .orElse(Double.NaN);
        for (Result r : ofTask) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-12s %5d  %-9s %11.1f  %-21s %8.2f%n",
                    r.task().model().title(),
                    r.task().batch(),
                    r.peer().title(),
                    r.median(),
                    String.format(Locale.ROOT, "%.1f to %.1f", r.fastest(), r.slowest()),
                    r.median() / ours));
        }
        return text.toString();
    }
}
