package io.miniai.benchmarks.miniai.whole;

import java.util.Locale;

/** Figures in lines that people and programs read. */
final class Print {
    private Print() {}

    static void line(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
