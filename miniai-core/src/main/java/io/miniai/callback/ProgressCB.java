package io.miniai.callback;

import io.miniai.learn.Borrows;
import io.miniai.learn.Callback;
import io.miniai.learn.EpochTable;
import io.miniai.learn.Learner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how far a fit is: a bar for each pass with the time left, loss and metrics, and if wanted a chart of the loss.
 *
 * <p>The bar is there only while standard output is a terminal. Otherwise a pass that takes long says so in a
 * line every ten seconds. Without a {@link MetricsCB}, which prints a line for every epoch, each pass ends
 * with a line of its own. Fits called by a callback show nothing.
 *
 * <p>Order 200: its after-hooks come before those of other callbacks, so the bar is gone when they print.
 */
public final class ProgressCB implements Callback, Borrows {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressCB.class);
    private static final long MESSAGE_NANOS = 150_000_000L;
    private static final long CHART_NANOS = 2_000_000_000L;
    /** A chart may take this part of the time. */
    private static final int CHART_SHARE = 50;

    private final Screen screen;
    private final long lineNanos;
    private @Nullable Terminal terminal;
    private @Nullable Path chartFile;
    private @Nullable LossChart chart;
    private long nextChart;

    private @Nullable BarLine bar;
    private long startedAt;
    private long nextText;
    private double lossSum;
    private long samples;

    /** Progress on standard output, without a chart. */
    public ProgressCB() {
        this(Screen.SYSTEM, null, 10_000_000_000L);
    }

    ProgressCB(Screen screen, @Nullable Terminal terminal, long lineNanos) {
        this.screen = screen;
        this.terminal = terminal;
        this.lineNanos = lineNanos;
    }

    /**
     * Also draws the loss into a PNG file, again and again while the fit runs and at its end, however it ends.
     *
     * @return this
     */
    public ProgressCB plot(Path png) {
        chartFile = Objects.requireNonNull(png, "png");
        return this;
    }

    @Override
    public int order() {
        return 200;
    }

    @Override
    public void beforeFit(Learner learn) {
        if (learn.depth() > 0) {
            return;
        }
        if (terminal == null) {
            terminal = Terminal.detect();
        }
        if (chartFile != null) {
            chart = new LossChart(chartFile);
            makeFolder(chart.file());
            nextChart = System.nanoTime() + CHART_NANOS;
        }
    }

    private static void makeFolder(Path file) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The loss chart " + file + " cannot be written: its folder cannot be made.", e);
        }
    }

    @Override
    public void beforeEpoch(Learner learn) {
        if (learn.depth() > 0) {
            return;
        }
        lossSum = 0;
        samples = 0;
        startedAt = System.nanoTime();
        Terminal t = Objects.requireNonNull(terminal);
        nextText = startedAt + (t.interactive() ? 0 : lineNanos);
        if (t.interactive()) {
            bar = new BarLine(screen, t, title(learn), learn.dl().size(), learn.training());
        }
    }

    @Override
    public void afterBatch(Learner learn) {
        if (learn.depth() > 0) {
            return;
        }
        double loss = learn.lossValue();
        int n = learn.batch().size();
        lossSum += loss * n;
        samples += n;
        if (chart != null && learn.training()) {
            chart.train(loss);
            if (System.nanoTime() - nextChart >= 0) {
                saveChart();
            }
        }
    }

    /** Only now has a {@link MetricsCB} counted the batch, too. */
    @Override
    public void cleanupBatch(Learner learn) {
        if (learn.depth() > 0) {
            return;
        }
        if (bar != null) {
            bar.step(learn.iteration() + 1);
        }
        long now = System.nanoTime();
        if (now - nextText >= 0 && samples > 0) {
            showText(learn, now);
        }
    }

    private void showText(Learner learn, long now) {
        if (bar != null) {
            bar.message(figures(learn));
            nextText = now + MESSAGE_NANOS;
        } else {
            int done = learn.iteration() + 1;
            screen.line(title(learn) + BarText.figures(done, learn.dl().size(), (now - startedAt) / 1e9) + "  "
                    + figures(learn));
            nextText = now + lineNanos;
        }
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (learn.depth() == 0) {
            endPass();
            if (chart != null && !learn.training()) {
                chart.valid(meanLoss());
            }
            if (learn.callback(MetricsCB.class).isEmpty()) {
                double seconds = (System.nanoTime() - startedAt) / 1e9;
                screen.line(title(learn) + "  " + (learn.iteration() + 1) + " batches  " + EpochTable.time(seconds)
                        + "  " + figures(learn));
            }
        }
    }

    @Override
    public void cleanupEpoch(Learner learn) {
        if (learn.depth() == 0) {
            endPass();
        }
    }

    private void endPass() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void cleanupFit(Learner learn) {
        if (learn.depth() == 0) {
            endPass();
            saveChart();
            chart = null;
        }
    }

    /** A chart is no reason to end a fit: what goes wrong is logged. */
    private void saveChart() {
        LossChart c = chart;
        if (c == null || c.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        try {
            c.save();
        } catch (IOException | RuntimeException | LinkageError | InternalError | java.awt.AWTError e) {
            LOG.warn("The loss chart {} could not be written and is given up for this fit.", c.file(), e);
            chart = null;
        }
        long end = System.nanoTime();
        nextChart = end + Math.max(CHART_NANOS, CHART_SHARE * (end - start));
    }

    private double meanLoss() {
        return samples == 0 ? Double.NaN : lossSum / samples;
    }

    private String figures(Learner learn) {
        Optional<MetricsCB> metrics = learn.callback(MetricsCB.class);
        return metrics.map(m -> m.running(learn)).orElseGet(() -> "loss " + EpochTable.number(meanLoss()));
    }

    private static String title(Learner learn) {
        return "epoch " + (learn.epoch() + 1) + "/" + learn.epochs() + (learn.training() ? " train" : " valid");
    }
}
