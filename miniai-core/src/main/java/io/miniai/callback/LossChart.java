package io.miniai.callback;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The loss over training batches as a picture, and the validation loss at the end of each epoch. */
final class LossChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 520;
    private static final Color FAINT = new Color(0xBB, 0xD3, 0xEA);
    private static final Color TRAIN = new Color(0x1F, 0x5F, 0x9E);
    private static final Color VALID = new Color(0xD9, 0x6A, 0x1B);
    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color GRID = new Color(0xE8, 0xE8, 0xE8);

    private final Path file;
    private final LossCurve train = new LossCurve();
    private final List<Double> validAt = new ArrayList<>();
    private final List<Double> valid = new ArrayList<>();

    LossChart(Path file) {
        this.file = file.toAbsolutePath();
    }

    Path file() {
        return file;
    }

    /** The loss of the next training batch. */
    void train(double loss) {
        train.add(loss);
    }

    /** The mean loss of a validation pass. */
    void valid(double loss) {
        if (Double.isFinite(loss)) {
            validAt.add((double) train.count());
            valid.add(loss);
        }
    }

    boolean isEmpty() {
        return train.x().length == 0 && valid.isEmpty();
    }

    /** Writes the picture so that a reader sees the old one or the new one, never half of one. */
    void save() throws IOException {
        Path parent = file.getParent();
        Files.createDirectories(parent);
        // Not createTempFile: its files, and so the picture, would be for their owner's eyes only.
        Path half = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        // A channel fails in an interrupted thread, and what starts with the first picture forgets the interrupt.
        boolean interrupted = Thread.interrupted();
        try {
            Files.write(half, png());
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(half);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Without the temporary file that is usual for it: the system's folder for them need not be writable. */
    private byte[] png() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(BitmapEncoder.getBufferedImage(draw()), "png", out);
        }
        return bytes.toByteArray();
    }

    private XYChart draw() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Loss")
                .xAxisTitle("training batches")
                .build();
        style(chart);
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setYAxisDecimalPattern(pattern(valueRange()));
        // Half a batch more than there are: XChart labels points at equal distances crowdedly, such as 0, 7, 14, 21.
        chart.getStyler().setXAxisMax(train.count() + 0.5);
        if (train.x().length > 0) {
            line(chart, "training, each batch", train.x(), train.y(), FAINT, 1f);
            line(chart, "training, smoothed", train.x(), train.smoothed(), TRAIN, 2.2f);
        }
        if (!valid.isEmpty()) {
            double[] x = validAt.stream().mapToDouble(d -> d).toArray();
            double[] y = valid.stream().mapToDouble(d -> d).toArray();
            line(chart, "validation", x, y, VALID, 2.2f)
                    .setMarker(SeriesMarkers.CIRCLE)
                    .setMarkerColor(VALID);
        }
        return chart;
    }

    private double valueRange() {
        DoubleSummaryStatistics values = DoubleStream.concat(
                        Arrays.stream(train.y()), valid.stream().mapToDouble(v -> v))
                .summaryStatistics();
        return values.getMax() - values.getMin();
    }

    /**
     * The pattern of the labels of a vertical axis: all with the same number of decimals, as many as tell
     * neighbours of about ten labels apart. The default pattern mixes .08 with 0.1 and 1 with 1.2.
     */
    static String pattern(double range) {
        int decimals = range > 0 ? (int) Math.max(0, Math.min(9, 1 - Math.floor(Math.log10(range / 0.75)))) : 3;
        return "0" + (decimals == 0 ? "" : "." + "0".repeat(decimals));
    }

    private static XYSeries line(XYChart chart, String name, double[] x, double[] y, Color colour, float width) {
        XYSeries s = chart.addSeries(name, x, y);
        s.setMarker(SeriesMarkers.NONE);
        s.setLineColor(colour);
        s.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        return s;
    }

    private static void style(XYChart chart) {
        var s = chart.getStyler();
        s.setChartBackgroundColor(Color.WHITE);
        s.setChartFontColor(INK);
        s.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        s.setChartPadding(14);
        s.setPlotBorderVisible(false);
        s.setPlotGridLinesColor(GRID);
        s.setPlotGridVerticalLinesVisible(false);
        s.setAxisTickMarksColor(GRID);
        s.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        s.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        s.setAxisTickLabelsColor(INK);
        s.setXAxisDecimalPattern("#,##0");
        s.setXAxisMin(0.0);
        s.setXAxisTickMarkSpacingHint(100);
        s.setLegendPosition(Styler.LegendPosition.OutsideS);
        s.setLegendLayout(Styler.LegendLayout.Horizontal);
        s.setLegendBorderColor(Color.WHITE);
        s.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        s.setMarkerSize(7);
    }
}
