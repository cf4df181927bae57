package io.miniai.benchmarks.runner;

import io.miniai.benchmarks.protocol.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains the same models on the same batches with miniai and its peers, in turn. */
@Command(
        name = "head-to-head",
        description = "Trains the same models on the same batches with miniai and its peers, each in its own process.",
        mixinStandardHelpOptions = true)
final class HeadToHead implements Runnable {
    @Option(names = "--short", description = "Less than three minutes in all: shorter rounds.")
    private boolean brief;

    @Option(
            names = "--rounds",
            description = "Measured rounds of each task (at least 3; default 3, or 5 in the long form).")
    private int rounds;

    @Option(names = "--models", split = ",", description = "Only these models: cnn, wide, …")
    private @Nullable Set<String> models;

    @Option(names = "--peers", split = ",", description = "Only these beside miniai: portable, libtorch, djl, dl4j.")
    private @Nullable Set<String> peers;

    @Option(
            names = "--patience",
            defaultValue = "120",
            description = "Seconds to wait in all for other processes to leave the machine alone (default 120).")
    private int patience;

    @Option(names = "--out", description = "Folder for the report (target/benchmarks of the runner).")
    private @Nullable Path out;

    @Override
    public void run() {
        Duration warmUp = brief ? Duration.ofMillis(1200) : Duration.ofSeconds(5);
        Duration round = brief ? Duration.ofMillis(500) : Duration.ofSeconds(3);
        int count = Math.max(rounds, brief ? 3 : rounds == 0 ? 5 : 3);
        Map<Peer, ContestantProcess> running = new EnumMap<>(Peer.class);
        try {
            Map<Task, List<Peer>> chosen = chosen();
            chosen.values().stream().flatMap(List::stream).distinct().forEach(p -> running.put(p, p.start()));
            Idleness idleness = new Idleness(running.values(), Duration.ofSeconds(patience));
            List<Result> results = new ArrayList<>();
            System.out.print(Table.HEADING);
            chosen.forEach((task, contestants) -> {
                List<ContestantProcess> processes =
                        contestants.stream().map(running::get).toList();
                Match match = new Match(task, processes, idleness);
                List<Result> ofTask = match.play(warmUp, count, round);
                System.out.print(Table.rows(ofTask));
                if (match.disturbance() > Match.DISTURBED) {
                    System.out.printf(
                            "  disturbed: other processes used up to %.0f %% of a core%n", 100 * match.disturbance());
                }
                results.addAll(ofTask);
            });
            Path folder = out != null ? out : Java.benchmarks().resolve("runner/target/benchmarks");
            new Report(results, idleness.shares(), Machine.facts())
                    .print(System.out)
                    .write(folder);
        } finally {
            running.values().forEach(ContestantProcess::close);
        }
    }

    private Map<Task, List<Peer>> chosen() {
        Map<Task, List<Peer>> chosen = new LinkedHashMap<>();
        Schedule.all().forEach((task, all) -> {
            if (models == null || models.contains(task.model().title())) {
                chosen.put(
                        task,
                        all.stream()
                                .filter(p -> p == Peer.MINIAI || peers == null || peers.contains(p.title()))
                                .toList());
            }
        });
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("Expected models of "
                    + Schedule.all().keySet().stream()
                            .map(t -> t.model().title())
                            .distinct()
                            .toList() + "; got " + models + ".");
        }
        return chosen;
    }
}
