package io.miniai.benchmarks.miniai.ops;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of this package: {@code [quick] [a regular expression for their names]}. */
public final class Ops {
    private Ops() {}

    /** Prints the table, average time of an operation in microseconds. */
    public static void main(String[] args) throws RunnerException {
        List<String> words = List.of(args);
        boolean quick = words.contains("quick");
        ChainedOptionsBuilder options = new OptionsBuilder()
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(quick ? 1 : 2)
                .warmupIterations(quick ? 2 : 3)
                .warmupTime(TimeValue.milliseconds(quick ? 300 : 1000))
                .measurementIterations(quick ? 3 : 5)
                .measurementTime(TimeValue.milliseconds(quick ? 300 : 1000));
        words.stream()
                .filter(w -> !w.equals("quick"))
                .findFirst()
                .ifPresentOrElse(options::include, () -> options.include("\\.ops\\."));
        new Runner(options.build()).run();
    }
}
