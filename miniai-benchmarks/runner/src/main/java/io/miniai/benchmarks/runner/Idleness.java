package io.miniai.benchmarks.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Watches that contestants whose turn it is not, and the rest of the machine, leave the processor alone. */
final class Idleness {
    private static final Path SYSTEM = Path.of("/proc/stat");
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration SAMPLE = Duration.ofMillis(100);

    private final Collection<ContestantProcess> all;
    private final Map<Peer, Duration> used = new EnumMap<>(Peer.class);
    private final Map<Peer, Duration> waited = new EnumMap<>(Peer.class);
    private double others;
    private Duration patience;

    /**
     * Watches these.
     *
     * @param patience how long in all to wait for the machine to become quiet
     */
    Idleness(Collection<ContestantProcess> all, Duration patience) {
        this.all = all;
        this.patience = patience;
    }

    /** Waits, with all contestants asking for nothing, until the machine does nothing else or patience is at its end. */
    void awaitQuiet() {
        while (!patience.isNegative() && !patience.isZero()) {
            Duration before = machineTime();
            LockSupport.parkNanos(SAMPLE.toNanos());
            if (machineTime().minus(before).compareTo(TICK) <= 0) {
                return;
            }
            patience = patience.minus(SAMPLE);
        }
    }

    /** Does something in which only one contestant should compute. */
    <T> T watch(ContestantProcess busy, Supplier<T> turn) {
        Map<Peer, Duration> before = new EnumMap<>(Peer.class);
        all.forEach(c -> before.put(c.peer(), c.processorTime()));
        Duration machineBefore = machineTime();
        long start = System.nanoTime();
        T result = turn.get();
        Duration wall = Duration.ofNanos(Math.max(1, System.nanoTime() - start));
        Duration elsewhere = machineTime().minus(machineBefore);
        for (ContestantProcess c : all) {
            Duration cpu = c.processorTime().minus(before.getOrDefault(c.peer(), Duration.ZERO));
            elsewhere = elsewhere.minus(cpu);
            if (c != busy) {
                used.merge(c.peer(), cpu, Duration::plus);
                waited.merge(c.peer(), wall, Duration::plus);
            }
        }
        others = Math.max(0, (double) elsewhere.toNanos() / wall.toNanos());
        return result;
    }

    /** The share of one core that processes which take no part used during the last turn (Linux; elsewhere 0). */
    double others() {
        return others;
    }

    /** For each contestant the share of one core that it used while others were measured. */
    Map<Peer, Double> shares() {
        Map<Peer, Double> shares = new EnumMap<>(Peer.class);
        waited.forEach((peer, wall) -> {
            Duration cpu = used.getOrDefault(peer, Duration.ZERO);
            shares.put(peer, (double) cpu.toNanos() / Math.max(1, wall.toNanos()));
        });
        return shares;
    }

    /** Processor time of all processes since the start: user, nice and system. */
    private static Duration machineTime() {
        if (!Files.isReadable(SYSTEM)) {
            return Duration.ZERO;
        }
        try {
            String[] words = Files.readAllLines(SYSTEM).get(0).split(" +");
            long ticks = Arrays.stream(words, 1, 4).mapToLong(Long::parseLong).sum();
            return TICK.multipliedBy(ticks);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
