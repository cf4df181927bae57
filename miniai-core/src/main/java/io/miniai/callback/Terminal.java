package io.miniai.callback;

import java.io.Console;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/**
 * What standard output can show.
 *
 * @param interactive whether it is a terminal that a bar can be redrawn on
 * @param unicode whether it shows Unicode lines and colours
 * @param width columns of a line
 */
record Terminal(boolean interactive, boolean unicode, int width) {
    private static final int USUAL_WIDTH = 80;

    static Terminal detect() {
        if (!isTerminal(System.console()) || "dumb".equals(System.getenv("TERM"))) {
            return new Terminal(false, false, USUAL_WIDTH);
        }
        return new Terminal(true, isUnicode() && System.getenv("NO_COLOR") == null, measuredWidth());
    }

    /** From Java 22 on there is a console also without a terminal, and a method that tells. */
    private static boolean isTerminal(@org.jspecify.annotations.Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private static boolean isUnicode() {
        String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
        try {
            return StandardCharsets.UTF_8.equals(name == null ? Charset.defaultCharset() : Charset.forName(name));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int measuredWidth() {
        try {
            return new ConsoleProgressBarConsumer(System.out).getMaxRenderedLength();
        } catch (RuntimeException e) {
            return USUAL_WIDTH - 1;
        }
    }
}
