package io.miniai.callback;

import java.io.Console;

/** What standard output is. */
final class Terminal {
    private static final int USUAL_WIDTH = 100;

    private Terminal() {}

    /** Whether somebody watches: since Java 22 a console may be there without a terminal. */
    @SuppressWarnings("SystemConsoleNull") // Before Java 22 null is the only sign.
    static boolean isInteractive() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException beforeJava22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    static int width() {
        String columns = System.getenv("COLUMNS");
        try {
            return columns == null ? USUAL_WIDTH : Math.max(40, Integer.parseInt(columns));
        } catch (NumberFormatException e) {
            return USUAL_WIDTH;
        }
    }
}
