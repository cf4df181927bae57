package io.miniai.benchmarks.runner;

import io.miniai.benchmarks.protocol.Task;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** A contestant in its process, asked in the lines of {@link io.miniai.benchmarks.protocol.Serve}. */
final class ContestantProcess implements AutoCloseable {
    private final Peer peer;
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    ContestantProcess(Peer peer, Process process) {
        this.peer = peer;
        this.process = process;
        questions = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    Peer peer() {
        return peer;
    }

    /** What a contestant said of its model: how many parameters, and the losses of the first three steps. */
    record Ready(long parameterCount, List<Double> losses) {
        Ready {
            losses = List.copyOf(losses);
        }
    }

    Ready prepare(Task task) {
        String[] words = ask("prepare " + task.model().title() + " " + task.batch(), "ready");
        List<Double> losses = Arrays.stream(words).skip(2).map(Double::valueOf).toList();
        return new Ready(Long.parseLong(words[1]), losses);
    }

    /** Nanoseconds of each of at least {@code steps} steps that took at least {@code time} together. */
    long[] run(Duration time, int steps) {
        String[] words = ask("run " + time.toMillis() + " " + steps, "times");
        return Arrays.stream(words)
                .skip(1)
                .flatMapToLong(w -> LongStream.of(Long.parseLong(w)))
                .toArray();
    }

    /** The most memory it ever had resident, in KiB; 0 when unknown. */
    long peakKilobytes() {
        return Long.parseLong(ask("memory", "memory")[1]);
    }

    /** Processor time so far, of all its threads. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private String[] ask(String question, String expected) {
        try {
            questions.write(question);
            questions.newLine();
            questions.flush();
            String answer = answers.readLine();
            if (answer == null || !answer.startsWith(expected + " ")) {
                throw new IllegalStateException(
                        "Expected %s from %s, asked to %s; got %s. Its module's target/benchmark.log says more."
                                .formatted(expected, peer.title(), question, answer));
            }
            return answer.split(" ");
        } catch (IOException e) {
            throw new UncheckedIOException(peer.title() + " has gone; see its module's target/benchmark.log", e);
        }
    }

    @Override
    public void close() {
        try {
            questions.write("quit\n");
            questions.close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
