package io.miniai.callback;

import io.miniai.learn.EpochTable;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/** Writes a bar as {@code epoch 1/5 train ━━━━━━╸━━━━━  45 %  106/235  1.8 s left  loss 0.4512  accuracy 0.8312}. */
final class BarText implements ProgressBarRenderer {
    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 5;
    /** Rather than a shorter bar, none of the number of batches. */
    private static final int READABLE_BAR = 10;

    private static final String GREY = "\u001b[90m";
    private static final String PLAIN = "\u001b[0m";

    private final boolean unicode;
    private final String colour;
    private int room = LONGEST_BAR;

    /** In ASCII without colours, or with Unicode lines and colours, another for validation. */
    BarText(boolean unicode, boolean training) {
        this.unicode = unicode;
        this.colour = training ? "\u001b[32m" : "\u001b[36m";
    }

    @Override
    public String render(ProgressState s, int width) {
        long total = s.isIndefinite() ? -1 : s.getMax();
        double seconds = s.getElapsedAfterStart().toNanos() / 1e9;
        String left = s.getTaskName() + " ";
        String right = figures(s.getCurrent(), total, seconds) + "  " + s.getExtraMessage();
        if (left.length() + READABLE_BAR + right.length() > width) {
            right = withoutCount(s.getCurrent(), total, seconds) + "  " + s.getExtraMessage();
        }
        // Never longer again: a bar that grows and shrinks with the text beside it cannot be read.
        room = Math.min(room, width - left.length() - right.length());
        if (room < SHORTEST_BAR || s.isIndefinite()) {
            String text = left.stripTrailing() + right;
            return text.substring(0, Math.min(text.length(), Math.max(0, width)));
        }
        return left + bar(s.getNormalizedProgress(), room) + right;
    }

    private String bar(double done, int width) {
        if (!unicode) {
            int inside = width - 2;
            int full = (int) (Math.min(1, done) * inside);
            return "[" + "=".repeat(full) + " ".repeat(inside - full) + "]";
        }
        int full = (int) (done * width);
        if (full >= width) {
            return colour + "━".repeat(width) + PLAIN;
        }
        boolean half = done * width - full >= 0.5;
        return colour
                + "━".repeat(full)
                + (half ? "╸" : "")
                + GREY
                + (half ? "" : "╺")
                + "━".repeat(width - full - 1)
                + PLAIN;
    }

    /** What is known of a pass in numbers; {@code total} is -1 when it is not known. */
    static String figures(long done, long total, double seconds) {
        if (total <= 0) {
            return "  " + done + "  " + EpochTable.time(seconds);
        }
        int pad = Math.max(
                0, String.valueOf(total).length() - String.valueOf(done).length());
        return percent(done, total) + "  " + " ".repeat(pad) + done + "/" + total + left(done, total, seconds);
    }

    private static String withoutCount(long done, long total, double seconds) {
        return total <= 0 ? figures(done, total, seconds) : percent(done, total) + left(done, total, seconds);
    }

    private static String percent(long done, long total) {
        return String.format(Locale.ROOT, " %3d %%", 100 * done / total);
    }

    private static String left(long done, long total, double seconds) {
        return done == 0 ? "" : "  " + EpochTable.time(Math.max(0, seconds / done * (total - done))) + " left";
    }
}
