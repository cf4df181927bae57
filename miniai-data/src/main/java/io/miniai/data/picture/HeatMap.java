package io.miniai.data.picture;

import io.miniai.tensor.Tensor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * A table of numbers, each cell shaded by its value: the larger the darker; where there are negative numbers they
 * are blue, positive ones red.
 *
 * <pre>{@code
 * HeatMap.of(three.get(0).slice(0, 0, 13).slice(1, 0, 23)).save(Path.of("out/patch.png"));
 * }</pre>
 */
public final class HeatMap implements Picture {
    private static final int MARGIN = 12;
    private static final int CELL_HEIGHT = 20;
    private static final int INDEX_WIDTH = 24;

    private final float[] values;
    private final int rows;
    private final int columns;
    private int decimals = 2;
    private String heading = "";

    private HeatMap(Tensor table) {
        if (table.rank() != 2 || table.numel() == 0) {
            throw new IllegalArgumentException(
                    "table: expected [rows, columns] with at least 1 each, got " + table.shape());
        }
        rows = table.size(0);
        columns = table.size(1);
        values = table.toFloatArray();
    }

    /**
     * Begins a table.
     *
     * @param table {@code [rows, columns]}
     */
    public static HeatMap of(Tensor table) {
        return new HeatMap(table);
    }

    /** Writes this many digits after the point; 2 unless said otherwise. */
    public HeatMap decimals(int digits) {
        if (digits < 0 || digits > 9) {
            throw new IllegalArgumentException("decimals: expected 0 to 9, got " + digits);
        }
        decimals = digits;
        return this;
    }

    /** Writes a line above the table. */
    public HeatMap heading(String text) {
        heading = text;
        return this;
    }

    @Override
    public BufferedImage image() {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        int cellWidth = 30;
        for (float value : values) {
            low = Float.isFinite(value) ? Math.min(low, value) : low;
            high = Float.isFinite(value) ? Math.max(high, value) : high;
            cellWidth = Math.max(cellWidth, Canvas.width(text(value), Canvas.SMALL) + 8);
        }
        int top = MARGIN + (heading.isEmpty() ? 0 : Canvas.lineHeight(Canvas.HEADING) + 6);
        int across = INDEX_WIDTH + columns * cellWidth;
        int contentWidth = Math.max(across, Canvas.width(heading, Canvas.HEADING));
        int left = MARGIN + (contentWidth - across) / 2;
        try (Canvas canvas = new Canvas(contentWidth + 2 * MARGIN, top + (rows + 1) * CELL_HEIGHT + MARGIN)) {
            canvas.text(heading, Canvas.HEADING, Canvas.INK, MARGIN, MARGIN, contentWidth, top - MARGIN - 6);
            int x0 = left + INDEX_WIDTH;
            int y0 = top + CELL_HEIGHT;
            for (int column = 0; column < columns; column++) {
                String index = Integer.toString(column);
                canvas.text(index, Canvas.SMALL, Canvas.FAINT, x0 + column * cellWidth, top, cellWidth, CELL_HEIGHT);
            }
            for (int row = 0; row < rows; row++) {
                int y = y0 + row * CELL_HEIGHT;
                canvas.text(Integer.toString(row), Canvas.SMALL, Canvas.FAINT, left, y, INDEX_WIDTH, CELL_HEIGHT);
                for (int column = 0; column < columns; column++) {
                    float value = values[row * columns + column];
                    Color shade = shade(value, low, high);
                    int x = x0 + column * cellWidth;
                    canvas.fill(x, y, cellWidth, CELL_HEIGHT, shade);
                    canvas.text(text(value), Canvas.SMALL, readableOn(shade), x, y, cellWidth, CELL_HEIGHT);
                }
            }
            return canvas.image();
        }
    }

    private String text(float value) {
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.matches("-[0.]+") ? text.substring(1) : text; // what is rounded to 0 has no sign
    }

    private static Color shade(float value, float low, float high) {
        if (!Float.isFinite(value)) {
            return Color.MAGENTA;
        }
        if (low >= 0) {
            float depth = high > low ? (value - low) / (high - low) : 0;
            int grey = Math.round(255 * (1 - depth));
            return new Color(grey, grey, grey);
        }
        float depth = value / Math.max(-low, Math.abs(high));
        Color full = depth < 0 ? new Color(0x21, 0x66, 0xac) : new Color(0xb2, 0x18, 0x2b);
        float share = Math.abs(depth);
        return new Color(mix(full.getRed(), share), mix(full.getGreen(), share), mix(full.getBlue(), share));
    }

    private static int mix(int full, float share) {
        return Math.round(255 + (full - 255) * share);
    }

    private static Color readableOn(Color shade) {
        int luma = (299 * shade.getRed() + 587 * shade.getGreen() + 114 * shade.getBlue()) / 1000;
        return luma < 140 ? Color.WHITE : Canvas.INK;
    }
}
