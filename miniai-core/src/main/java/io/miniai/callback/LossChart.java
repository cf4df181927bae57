package io.miniai.callback;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Losses over batches as a PNG: every training batch faintly, their running mean, and the validation passes. */
final class LossChart {
    private static final int MOST_POINTS = 2000;
    private static final double SMOOTHING = 0.95;
    private static final Color BLUE = new Color(0x1f77b4);
    private static final Color PALE_BLUE = new Color(0xc6dbef);
    private static final Color ORANGE = new Color(0xff7f0e);

    private final Path file;
    private final List<Integer> batches = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> means = new ArrayList<>();
    private final List<Integer> passes = new ArrayList<>();
    private final List<Double> passLosses = new ArrayList<>();
    private double weighted;
    private double weight;
    private int every = 1;

    LossChart(Path file) {
        this.file = file;
    }

    void training(int batch, double loss) {
        weighted = SMOOTHING * weighted + (1 - SMOOTHING) * loss;
        weight = SMOOTHING * weight + (1 - SMOOTHING);
        if (batch % every != 0 || !Double.isFinite(loss)) {
            return;
        }
        batches.add(batch);
        losses.add(loss);
        means.add(weighted / weight);
        if (batches.size() > MOST_POINTS) {
            thinOut(batches);
            thinOut(losses);
            thinOut(means);
            every *= 2;
        }
    }

    private static <T> void thinOut(List<T> points) {
        for (int i = 0; 2 * i + 1 < points.size(); i++) {
            points.set(i, points.get(2 * i + 1));
        }
        points.subList(points.size() / 2, points.size()).clear();
    }

    void validation(int batch, double loss) {
        if (Double.isFinite(loss)) {
            passes.add(batch);
            passLosses.add(loss);
        }
    }

    /** Writes the file, whole or not at all; without a point yet it writes nothing. */
    void write() {
        if (batches.isEmpty() && passes.isEmpty()) {
            return;
        }
        try {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            BitmapEncoder.saveBitmap(draw(), png, BitmapEncoder.BitmapFormat.PNG);
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "folder");
            Files.createDirectories(folder);
            Path part = folder.resolve(file.getFileName() + ".part");
            Files.write(part, png.toByteArray());
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected to write the loss chart to " + file + "; got " + e.getMessage(), e);
        }
    }

    private XYChart draw() {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(500)
                .xAxisTitle("batch")
                .yAxisTitle("loss")
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        chart.getStyler().setPlotGridLinesVisible(true);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setYAxisMin(0.0);
        if (!batches.isEmpty()) {
            line(chart, "each training batch", batches, losses, PALE_BLUE, 1f);
            line(chart, "training, running mean", batches, means, BLUE, 2f);
        }
        if (!passes.isEmpty()) {
            var series = chart.addSeries("validation", passes, passLosses);
            series.setLineColor(ORANGE).setLineStyle(new BasicStroke(2f));
            series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(ORANGE);
        }
        return chart;
    }

    private static void line(XYChart chart, String name, List<Integer> x, List<Double> y, Color color, float width) {
        var series = chart.addSeries(name, x, y);
        series.setLineColor(color).setLineStyle(new BasicStroke(width));
        series.setMarker(SeriesMarkers.NONE);
    }
}
