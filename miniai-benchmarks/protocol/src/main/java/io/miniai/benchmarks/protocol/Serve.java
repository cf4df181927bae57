package io.miniai.benchmarks.protocol;

import io.miniai.benchmarks.protocol.Contestant.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The contestant's side of a conversation in lines. The runner asks and waits for the one line of the answer:
 *
 * <pre>
 * prepare MODEL BATCH   →  ready PARAMETERS LOSS LOSS LOSS   (of the first three steps)
 * run MILLIS STEPS      →  times NANOS NANOS …               (of at least that many steps, for at least that long)
 * memory                →  memory KILOBYTES                  (the most this process ever had resident; Linux)
 * quit                  →  (the process ends)
 * </pre>
 *
 * What fails is answered by {@code failed MESSAGE}. Between questions the process waits for input and computes nothing.
 */
public final class Serve implements AutoCloseable {
    private static final int CHECKED_STEPS = 3;
    private static final int MAX_STEPS = 1_000_000;

    private final Contestant contestant;
    private @Nullable Session session;

    private Serve(Contestant contestant) {
        this.contestant = contestant;
    }

    /** Answers until {@code quit} or the end of the input. */
    public static void run(Contestant contestant) {
        PrintStream answers = System.out;
        // Libraries print there what nobody asked for.
        System.setOut(System.err);
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Serve serve = new Serve(contestant)) {
            for (String line = questions.readLine();
                    line != null && !line.equals("quit");
                    line = questions.readLine()) {
                answers.println(serve.answerOrFailure(line));
                answers.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answerOrFailure(String line) {
        try {
            return answer(line.split(" "));
        } catch (RuntimeException e) {
            e.printStackTrace();
            return "failed " + e.toString().replace('\n', ' ');
        }
    }

    private String answer(String[] words) {
        return switch (words[0]) {
            case "prepare" -> prepare(new Task(Model.of(words[1]), Integer.parseInt(words[2])));
            case "run" -> run(Long.parseLong(words[1]), Integer.parseInt(words[2]));
            case "memory" -> "memory " + Memory.peakKilobytes();
            default ->
                throw new IllegalArgumentException("Expected prepare, run, memory or quit; got " + words[0] + ".");
        };
    }

    private String prepare(Task task) {
        close();
        Session s = contestant.prepare(task);
        session = s;
        StringBuilder answer = new StringBuilder("ready ").append(s.parameterCount());
        for (int i = 0; i < CHECKED_STEPS; i++) {
            answer.append(' ').append(s.stepWithLoss());
        }
        return answer.toString();
    }

    private String run(long millis, int steps) {
        Session s = session;
        if (s == null) {
            throw new IllegalStateException("Expected prepare before run.");
        }
        long[] times = new long[1024];
        int n = 0;
        long end = System.nanoTime() + millis * 1_000_000;
        for (long before = System.nanoTime(); (n < steps || before < end) && n < MAX_STEPS; n++) {
            s.step();
            long now = System.nanoTime();
            if (n == times.length) {
                times = Arrays.copyOf(times, 2 * n);
            }
            times[n] = now - before;
            before = now;
        }
        return "times " + Arrays.stream(times, 0, n).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
