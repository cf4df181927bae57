package io.miniai.benchmarks.runner;

import io.miniai.benchmarks.protocol.Task;
import io.miniai.benchmarks.runner.ContestantProcess.Ready;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One task done by several contestants in turn: A, B, C, A, B, C, … */
final class Match {
    /** From this share of a core on, used by processes that take no part, a round says nothing. */
    static final double DISTURBED = 0.1;

    private static final int LEAST_STEPS = 3;
    private static final int MOST_REPEATS = 12;
    private static final double LOSS_TOLERANCE = 1e-3;

    private final Task task;
    private final List<ContestantProcess> contestants;
    private final Map<Peer, List<Double>> rounds = new EnumMap<>(Peer.class);
    private final Idleness idleness;
    private int repeats;
    private double disturbance;

    Match(Task task, List<ContestantProcess> contestants, Idleness idleness) {
        this.task = task;
        this.contestants = contestants;
        this.idleness = idleness;
    }

    /** Checks that all have the same model, warms each up, then measures them in rounds. */
    List<Result> play(Duration warmUp, int roundCount, Duration round) {
        List<Double> agreed = null;
        for (ContestantProcess c : contestants) {
            Ready ready = c.prepare(task);
            if (ready.parameterCount() != task.model().parameterCount()) {
                throw new IllegalStateException("%s: expected %d parameters; %s has %d."
                        .formatted(task, task.model().parameterCount(), c.peer().title(), ready.parameterCount()));
            }
            agreed = agreed == null ? ready.losses() : agreed;
            check(c.peer(), agreed, ready.losses());
            idleness.awaitQuiet();
            c.run(warmUp, LEAST_STEPS);
        }
        for (int i = 0; i < roundCount; i++) {
            for (ContestantProcess c : contestants) {
                rounds.computeIfAbsent(c.peer(), p -> new ArrayList<>()).add(round(c, round));
            }
        }
        return rounds.entrySet().stream()
                .map(e -> new Result(task, e.getKey(), e.getValue()))
                .toList();
    }

    /** The median step of a round; a round that other processes disturbed is repeated, as often as that is allowed. */
    private double round(ContestantProcess contestant, Duration time) {
        while (true) {
            idleness.awaitQuiet();
            double[] times = idleness.watch(
                    contestant,
                    () -> Arrays.stream(contestant.run(time, LEAST_STEPS))
                            .asDoubleStream()
                            .toArray());
            if (idleness.others() <= DISTURBED || repeats == MOST_REPEATS) {
                disturbance = Math.max(disturbance, idleness.others());
                return Result.median(times);
            }
            repeats++;
        }
    }

    /** The largest share of a core that processes which take no part used during a round that counts. */
    double disturbance() {
        return disturbance;
    }

    /** The same start must give the same loss, and the same two steps from there. */
    private void check(Peer peer, List<Double> agreed, List<Double> losses) {
        for (int i = 0; i < agreed.size(); i++) {
            if (!(Math.abs(losses.get(i) - agreed.get(i)) <= LOSS_TOLERANCE * Math.max(1, Math.abs(agreed.get(i))))) {
                throw new IllegalStateException("%s: expected the losses %s as from %s; %s has %s."
                        .formatted(task, agreed, contestants.get(0).peer().title(), peer.title(), losses));
            }
        }
    }
}
