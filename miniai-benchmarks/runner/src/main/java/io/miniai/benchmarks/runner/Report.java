package io.miniai.benchmarks.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All results as lines, JSON and a chart.
 *
 * @param idle the share of a core that each contestant used while others were measured
 */
record Report(List<Result> results, Map<Peer, Double> idle, Map<String, String> machine) {
    Report print(PrintStream out) {
        idle.forEach((peer, share) ->
                out.printf(Locale.ROOT, "while others ran, %s used %.1f %% of a core%n", peer.title(), 100 * share));
        Ratio.among(results).forEach(out::println);
        return this;
    }

    /** Writes {@code head-to-head.json} and {@code head-to-head.png}. */
    void write(Path folder) {
        try {
            Files.createDirectories(folder);
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(folder.resolve("head-to-head.json").toFile(), json());
            RatioChart.write(Ratio.among(results), folder.resolve("head-to-head.png"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("unit", "microseconds a step");
        all.put("results", results.stream().map(Report::json).toList());
        all.put("ratios", Ratio.among(results).stream().map(Report::json).toList());
        return all;
    }

    private static Map<String, Object> json(Result r) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", r.task().model().title());
        fields.put("batch", r.task().batch());
        fields.put("contestant", r.peer().title());
        fields.put("median", r.median());
        fields.put("fastestRound", r.fastest());
        fields.put("slowestRound", r.slowest());
        fields.put("rounds", r.rounds().stream().map(ns -> ns / 1e3).toList());
        return fields;
    }

    private static Map<String, Object> json(Ratio r) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("peer", r.peer().title());
        fields.put("model", r.model());
        fields.put("batch", r.batch());
        fields.put("value", r.value());
        return fields;
    }
}
