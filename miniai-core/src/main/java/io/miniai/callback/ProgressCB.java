package io.miniai.callback;

import io.miniai.learn.Borrows;
import io.miniai.learn.Callback;
import io.miniai.learn.EpochTable;
import io.miniai.learn.Learner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows where a fit is: in a terminal a bar for every pass, with the time left, the running loss and the
 * metrics of {@link MetricsCB}; elsewhere nothing, or, without a MetricsCB, one line for every epoch.
 *
 * <p>{@link #plot} adds a chart of the loss as a PNG, written again every few seconds while the fit runs and
 * at its end.
 *
 * <p>Order 110: behind {@link MetricsCB}, whose running figures it shows.
 */
public final class ProgressCB implements Callback, Borrows {
    private static final int SHOW_EVERY_MILLIS = 200;
    private static final long PLOT_EVERY_NANOS = Duration.ofSeconds(3).toNanos();

    private final boolean interactive;
    private final Screen screen;
    private @Nullable LossChart chart;
    private @Nullable ProgressBar bar;
    private long shownAt;
    private long plottedAt;
    private int batchesSeen;
    private double lossSum;
    private long samples;

    /** A bar where standard output is a terminal. */
    public ProgressCB() {
        this(Terminal.isInteractive(), Screen.SYSTEM);
    }

    ProgressCB(boolean interactive, Screen screen) {
        this.interactive = interactive;
        this.screen = screen;
    }

    /**
     * Draws the loss of every training batch and of every validation pass into this PNG file.
     *
     * @return this
     */
    public ProgressCB plot(Path png) {
        chart = new LossChart(png);
        return this;
    }

    @Override
    public int order() {
        return 110;
    }

    @Override
    public void beforeFit(Learner learn) {
        plottedAt = System.nanoTime();
    }

    @Override
    public void beforeEpoch(Learner learn) {
        lossSum = 0;
        samples = 0;
        if (interactive && learn.depth() == 0) {
            String task = "%s %d/%d".formatted(learn.training() ? "train" : "valid", learn.epoch() + 1, learn.epochs());
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(learn.dl().size())
                    .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                    .setSpeedUnit(ChronoUnit.SECONDS)
                    .setUpdateIntervalMillis(SHOW_EVERY_MILLIS)
                    .setConsumer(new OnScreen(screen))
                    .build();
        }
    }

    @Override
    public void afterBatch(Learner learn) {
        int n = learn.batch().size();
        double loss = learn.lossValue();
        lossSum += loss * n;
        samples += n;
        if (learn.training()) {
            batchesSeen++;
            if (chart != null) {
                chart.training(batchesSeen, loss);
            }
        }
        long now = System.nanoTime();
        if (bar != null) {
            bar.step();
            if (now - shownAt > SHOW_EVERY_MILLIS * 1_000_000L) {
                shownAt = now;
                bar.setExtraMessage(" " + running(learn));
            }
        }
        if (chart != null && now - plottedAt > PLOT_EVERY_NANOS) {
            plottedAt = now;
            chart.write();
        }
    }

    private String running(Learner learn) {
        return learn.callback(MetricsCB.class)
                .map(m -> m.running(learn))
                .orElseGet(() -> "loss " + EpochTable.number(lossSum / samples));
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (!learn.training() && chart != null && samples > 0) {
            chart.validation(batchesSeen, lossSum / samples);
        }
        if (!interactive && learn.callback(MetricsCB.class).isEmpty()) {
            screen.line("epoch %d/%d %s loss %s"
                    .formatted(
                            learn.epoch() + 1,
                            learn.epochs(),
                            learn.training() ? "train" : "valid",
                            EpochTable.number(samples == 0 ? Double.NaN : lossSum / samples)));
        }
    }

    @Override
    public void cleanupEpoch(Learner learn) {
        if (bar != null && learn.depth() == 0) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void cleanupFit(Learner learn) {
        if (chart != null) {
            chart.write();
        }
    }

    /** Hands the bar to the screen that it shares with the table of epochs. */
    private record OnScreen(Screen screen) implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return Terminal.width() - 1;
        }

        @Override
        public void accept(String rendered) {
            screen.bar(rendered);
        }

        @Override
        public void close() {
            screen.bar("");
        }
    }
}
