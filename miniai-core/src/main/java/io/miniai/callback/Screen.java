package io.miniai.callback;

import java.io.PrintStream;
import java.util.function.Supplier;

/** A text output that lines and one progress bar share without getting in each other's way. Thread-safe. */
final class Screen {
    /** Standard output, whatever it is at the moment. */
    static final Screen SYSTEM = new Screen(() -> System.out);

    private final Supplier<PrintStream> out;
    private String bar = "";
    private int barWidth;

    Screen(Supplier<PrintStream> out) {
        this.out = out;
    }

    /** Prints a line; a bar moves down below it. */
    synchronized void line(String text) {
        PrintStream o = out.get();
        String shown = bar;
        clear(o);
        o.println(text);
        if (!shown.isEmpty()) {
            draw(o, shown);
        }
        o.flush();
    }

    /** Shows a bar in place of the one before; empty for none. */
    synchronized void bar(String text) {
        PrintStream o = out.get();
        if (text.isEmpty()) {
            clear(o);
        } else {
            draw(o, text);
        }
        o.flush();
    }

    private void draw(PrintStream o, String text) {
        int width = visible(text);
        o.print("\r" + text + " ".repeat(Math.max(0, barWidth - width)));
        bar = text;
        barWidth = width;
    }

    private void clear(PrintStream o) {
        if (!bar.isEmpty()) {
            o.print("\r" + " ".repeat(barWidth) + "\r");
            bar = "";
            barWidth = 0;
        }
    }

    /** Columns it takes, colour codes left out. */
    private static int visible(String text) {
        return text.replaceAll("\u001b\\[[0-9;]*m", "").length();
    }
}
