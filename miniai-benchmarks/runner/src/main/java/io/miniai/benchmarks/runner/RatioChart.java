package io.miniai.benchmarks.runner;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;

/** Bars, one for each ratio: how many times as long each peer took. */
final class RatioChart {
    private RatioChart() {}

    static void write(List<Ratio> ratios, Path file) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(1200)
                .height(600)
                .title("Time of a training step: peer ÷ miniai (above 1, miniai is faster)")
                .yAxisTitle("times as long")
                .build();
        chart.getStyler()
                .setYAxisLogarithmic(true)
                .setYAxisMin(ratios.stream().allMatch(r -> r.value() >= 1) ? 1.0 : 0.1)
                .setXAxisLabelRotation(90)
                .setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right)
                .setLegendVisible(false)
                .setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setAvailableSpaceFill(0.8);
        // One series, since a logarithmic axis takes no gaps, and not every peer does every task.
        chart.addSeries(
                "peer ÷ miniai",
                ratios.stream()
                        .map(r -> r.peer().title() + " " + r.model() + " " + r.batch())
                        .toList(),
                ratios.stream().map(Ratio::value).toList());
        Files.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
    }
}
