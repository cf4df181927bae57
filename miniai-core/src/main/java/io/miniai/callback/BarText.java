package io.miniai.callback;

import io.miniai.learn.EpochTable;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/** Writes a bar as {@code epoch 1/5 train ━━━━━━╸━━━━━  45 %  106/235  1.8 s left  loss 0.4512  accuracy 0.8312}. */
final class BarText implements ProgressBarRenderer {
    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 5;
    private static final String GREY = "\u001b[90m";
    private static final String PLAIN = "\u001b[0m";

    private final boolean unicode;
    private final String colour;

    /** In ASCII without colours, or with Unicode lines and colours, another for validation. */
    BarText(boolean unicode, boolean training) {
        this.unicode = unicode;
        this.colour = training ? "\u001b[32m" : "\u001b[36m";
    }

    @Override
    public String render(ProgressState s, int width) {
        String left = s.getTaskName() + " ";
        String right =
                figures(
                                s.getCurrent(),
                                s.isIndefinite() ? -1 : s.getMax(),
                                s.getElapsedAfterStart().toNanos() / 1e9) + "  " + s.getExtraMessage();
        int room = Math.min(LONGEST_BAR, width - left.length() - right.length());
        if (room < SHORTEST_BAR || s.isIndefinite()) {
            String text = left.stripTrailing() + right;
            return text.substring(0, Math.min(text.length(), Math.max(0, width)));
        }
        return left + bar(s.getNormalizedProgress(), room) + right;
    }

    private String bar(double done, int width) {
        int full = (int) (done * width);
        if (!unicode) {
            return "[" + "=".repeat(Math.max(0, Math.min(full, width - 2))) + " ".repeat(Math.max(0, width - 2 - full))
                    + "]";
        }
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
        String left = done == 0 ? "-" : EpochTable.time(seconds / done * (total - done));
        String count =
                " ".repeat(String.valueOf(total).length() - String.valueOf(done).length()) + done + "/" + total;
        long percent = 100 * done / total;
        return " " + " ".repeat(percent < 10 ? 2 : percent < 100 ? 1 : 0) + percent + " %  " + count + "  " + left
                + " left";
    }
}
