package io.miniai.benchmarks.runner;

import io.miniai.benchmarks.protocol.Model;
import io.miniai.benchmarks.protocol.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures whole runs, each part in processes of its own. */
@Command(name = "whole", description = "Measures whole runs.", mixinStandardHelpOptions = true)
final class Whole implements Runnable {
    private static final String PACKAGE = "io.miniai.benchmarks.miniai.whole.";
    private static final int STEADY_STEPS = 500;
    private static final int FASHION_ROUNDS = 3;

    @Option(
            names = "--data",
            description = "Folder of the four originals of Fashion-MNIST; without it the part fashion is left out.")
    private @Nullable Path data;

    @Option(names = "--short", description = "Without the million samples.")
    private boolean brief;

    @Option(
            names = "--parts",
            split = ",",
            description = "Only these: limits, fashion, steady, memory, callbacks, growth, start, threads.")
    private @Nullable Set<String> parts;

    @Override
    public void run() {
        part("limits", () -> show("Limits"));
        part("start", () -> {
            for (int i = 0; i < 3; i++) {
                show("Start");
                show("Start", "nd4j");
            }
        });
        part("steady", () -> show("SteadyState"));
        part("memory", Whole::peakMemory);
        part("callbacks", () -> show("CallbackCost"));
        part("threads", Whole::threads);
        part("growth", () -> show("Growth", brief ? "short" : "long"));
        Path originals = data;
        if (originals != null) {
            part("fashion", () -> fashion(originals));
        }
    }

    private void part(String title, Runnable measurement) {
        if (parts == null || parts.contains(title)) {
            System.out.println("== " + title);
            measurement.run();
        }
    }

    private static String show(String program, String... args) {
        return Java.show(Java.process("miniai", PACKAGE + program, List.of(), Map.of(), args));
    }

    /** The rounds are in turn, since the machine's speed changes; decoding comes first and brings the files into memory. */
    private static void fashion(Path originals) {
        String png = Java.benchmarks().resolve("runner/target/fashion-png").toString();
        show("Decoding", originals.toString(), png);
        double[] ratios = new double[FASHION_ROUNDS];
        for (int round = 0; round < ratios.length; round++) {
            System.out.println("miniai, from PNG files:");
            double own = lastSeconds(show("FashionRun", png));
            System.out.println("DJL, from arrays in memory:");
            double peer = lastSeconds(
                    Java.show(Peer.DJL.process("io.miniai.benchmarks.djl.DjlFashionRun", originals.toString())));
            ratios[round] = peer / own;
            System.out.printf(Locale.ROOT, "round %d: DJL takes %.2f times as long%n", round + 1, ratios[round]);
        }
        System.out.printf(Locale.ROOT, "median of %d rounds: %.2f%n", ratios.length, Result.median(ratios));
    }

    /** Of a line such as {@code 5 epochs: 6.12 s}. */
    private static double lastSeconds(String line) {
        return Double.parseDouble(line.replaceAll(".*: ([0-9.]+) s", "$1"));
    }

    /** The same job in fresh processes: prepare, 500 steps. */
    private static void peakMemory() {
        for (Model model : List.of(Model.CNN, Model.AUTOENCODER)) {
            for (Peer peer : List.of(Peer.MINIAI, Peer.LIBTORCH)) {
                try (ContestantProcess process = peer.start()) {
                    process.prepare(new Task(model, 64));
                    process.run(Duration.ZERO, STEADY_STEPS);
                    System.out.printf(
                            Locale.ROOT,
                            "%s, batch 64, %d steps: %s had at most %.0f MiB resident%n",
                            model.title(),
                            STEADY_STEPS,
                            peer.title(),
                            process.peakKilobytes() / 1024.0);
                }
            }
        }
    }

    private static void threads() {
        for (int count : new int[] {1, 2, 3, 8}) {
            try (ContestantProcess process = Peer.MINIAI.start("-Dminiai.threads=" + count)) {
                for (int batch : new int[] {64, 1024}) {
                    process.prepare(new Task(Model.CNN, batch));
                    process.run(Duration.ofMillis(1500), 3);
                    long[] times = process.run(Duration.ofSeconds(1), 3);
                    double median =
                            Result.median(Arrays.stream(times).asDoubleStream().toArray());
                    System.out.printf(
                            Locale.ROOT, "cnn, batch %d, %d threads: %.0f µs a step%n", batch, count, median / 1e3);
                }
            }
        }
    }
}
