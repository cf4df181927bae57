package io.miniai.benchmarks.runner;

import io.miniai.benchmarks.protocol.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How many times as long a peer took.
 *
 * @param model the model's title, with {@code -portable} behind it when the peer is held against the portable kernels
 * @param value the peer's median divided by ours
 */
record Ratio(Peer peer, String model, int batch, double value) {
    /** All there are among the results: of every peer to miniai, and of DL4J to the portable kernels. */
    static List<Ratio> among(List<Result> results) {
        List<Ratio> ratios = new ArrayList<>();
        for (Result theirs : results) {
            if (theirs.peer() == Peer.MINIAI) {
                continue;
            }
            String model = theirs.task().model().title();
            find(results, theirs.task(), Peer.MINIAI).ifPresent(ours -> ratios.add(of(theirs, ours, model)));
            if (theirs.peer() == Peer.DL4J) {
                find(results, theirs.task(), Peer.PORTABLE)
                        .ifPresent(ours -> ratios.add(of(theirs, ours, model + "-portable")));
            }
        }
        return ratios;
    }

    private static Ratio of(Result theirs, Result ours, String model) {
        return new Ratio(theirs.peer(), model, theirs.task().batch(), theirs.median() / ours.median());
    }

    private static Optional<Result> find(List<Result> results, Task task, Peer peer) {
        return results.stream()
                .filter(r -> r.task().equals(task) && r.peer() == peer)
                .findFirst();
    }

    /** {@code ratio PEER MODEL bs=N VALUE}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "ratio %s %s bs=%d %.2f", peer.title(), model, batch, value);
    }
}
