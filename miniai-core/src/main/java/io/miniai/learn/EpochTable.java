package io.miniai.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lays out the figures of epochs as lines of text with aligned columns, one epoch a line.
 *
 * <pre>
 * epoch   train loss   valid loss   train accuracy   valid accuracy     time
 *     1       0.7041       0.5120           0.7391           0.8123    3.2 s
 * </pre>
 */
public final class EpochTable {
    private static final String GAP = "   ";

    private final boolean train;
    private final boolean valid;
    private final List<String> metrics;
    private final List<String> titles = new ArrayList<>();

    /**
     * A table for one fit.
     *
     * @param train whether it has columns of the training pass
     * @param valid whether it has columns of the validation pass
     * @param metrics names of the metrics
     */
    public EpochTable(boolean train, boolean valid, List<String> metrics) {
        this.train = train;
        this.valid = valid;
        this.metrics = List.copyOf(metrics);
        titles.add("epoch");
        addTitles("loss");
        metrics.forEach(this::addTitles);
        titles.add("    time");
    }

    private void addTitles(String figure) {
        if (train) {
            titles.add(padded("train " + figure));
        }
        if (valid) {
            titles.add(padded("valid " + figure));
        }
    }

    private static String padded(String title) {
        return title.length() < 9 ? " ".repeat(9 - title.length()) + title : title;
    }

    /** The names of the columns. */
    public String header() {
        return String.join(GAP, titles);
    }

    /** One line of figures; a dash for what did not take place. */
    public String row(EpochRecord e) {
        List<String> cells = new ArrayList<>();
        cells.add(String.valueOf(e.epoch() + 1));
        addCells(cells, e.trainLoss(), e.validLoss());
        for (String m : metrics) {
            addCells(
                    cells,
                    e.trainMetrics().getOrDefault(m, Double.NaN),
                    e.validMetrics().getOrDefault(m, Double.NaN));
        }
        cells.add(time(e.seconds()));
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            line.append(i == 0 ? "" : GAP)
                    .append(" ".repeat(Math.max(0, titles.get(i).length() - cell.length())))
                    .append(cell);
        }
        return line.toString();
    }

    private void addCells(List<String> cells, double trained, double validated) {
        if (train) {
            cells.add(number(trained));
        }
        if (valid) {
            cells.add(number(validated));
        }
    }

    /** Four decimals, or a power of ten where those would show nothing: {@code 0.7041}, {@code 3.21e-06}. */
    public static String number(double v) {
        if (Double.isNaN(v)) {
            return "-";
        }
        double size = Math.abs(v);
        boolean fits = v == 0 || (size >= 0.001 && size < 100_000);
        return String.format(Locale.ROOT, fits || Double.isInfinite(v) ? "%.4f" : "%.2e", v);
    }

    /** Seconds for people: {@code 3.2 s}, {@code 4:05 min}, {@code 1:02:03 h}. */
    public static String time(double seconds) {
        if (Double.isNaN(seconds)) {
            return "-";
        }
        if (seconds < 59.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d h", s / 3600, s / 60 % 60, s % 60);
    }
}
