package io.miniai.callback;

import io.miniai.file.JsonObject;
import io.miniai.learn.Batch;
import io.miniai.learn.Borrows;
import io.miniai.learn.CancelException;
import io.miniai.learn.CancelFitException;
import io.miniai.learn.EpochRecord;
import io.miniai.learn.EpochTable;
import io.miniai.learn.Learner;
import io.miniai.learn.StatefulCallback;
import io.miniai.metric.Metric;
import io.miniai.tensor.Tensor;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects loss and metrics, training and validation apart, writes them to {@link Learner#history()} and prints
 * a line for every epoch.
 *
 * <p>Each figure is the mean over a pass, every batch weighted by its number of samples. Cancelled batches do not
 * count; a pass that was cancelled shows what it had so far; one that failed shows nothing. A fit has one
 * MetricsCB. A fit that a callback calls in the middle of a pass leaves no figures: the pass goes on counting.
 *
 * <p>Order 100: its after-hooks come before those of most callbacks, which so find the epoch in the history.
 */
public final class MetricsCB implements StatefulCallback, Borrows {
    private final List<Metric> metrics;
    private final Map<Integer, EpochFigures> figures = new HashMap<>();
    private Consumer<String> printer = Screen.SYSTEM::line;

    /** Loss and these metrics, all of different names; they are this callback's own from now on. */
    public MetricsCB(Metric... metrics) {
        this.metrics = List.of(metrics);
        if (names().stream().distinct().count() < metrics.length) {
            throw new IllegalArgumentException("Expected metrics of different names; got " + names() + ".");
        }
    }

    /**
     * Prints elsewhere than to standard output: {@code .printTo(log::info)}; nowhere: {@code .printTo(line -> {})}.
     *
     * @return this
     */
    public MetricsCB printTo(Consumer<String> lines) {
        printer = Objects.requireNonNull(lines, "lines");
        return this;
    }

    @Override
    public int order() {
        return 100;
    }

    @Override
    public void beforeFit(Learner learn) {
        if (learn.callbacks().stream().filter(MetricsCB.class::isInstance).count() > 1) {
            throw new IllegalStateException("Expected one MetricsCB in a fit; got more. Fix: give all metrics to one.");
        }
        if (figures.values().stream().noneMatch(f -> f.inPass)) {
            figures.put(
                    learn.depth(),
                    new EpochFigures(new EpochTable(
                            learn.options().train(), learn.options().valid(), names())));
        }
    }

    @Override
    public void beforeEpoch(Learner learn) {
        EpochFigures f = of(learn);
        if (f != null) {
            metrics.forEach(Metric::reset);
            f.startPass();
        }
    }

    @Override
    public void afterBatch(Learner learn) {
        EpochFigures f = of(learn);
        if (f != null) {
            Batch b = learn.batch();
            int n = b.size();
            f.add(learn.lossValue(), n);
            for (Metric m : metrics) {
                m.add(learn.preds(), b.y(), n);
            }
        }
    }

    @Override
    public void afterEpoch(Learner learn) {
        endPass(learn);
    }

    @Override
    public void cleanupEpoch(Learner learn) {
        EpochFigures f = of(learn);
        if (f != null && f.inPass) {
            if (learn.failure() == null || learn.failure() instanceof CancelException) {
                endPass(learn);
            }
            if (learn.failure() instanceof CancelFitException) {
                f.last = null; // a pass that the end of the fit cuts off stands for no epoch
            }
            f.inPass = false;
        }
    }

    private void endPass(Learner learn) {
        EpochFigures f = of(learn);
        if (f != null) {
            f.endPass(learn.training(), values());
            if (!learn.training() || !learn.options().valid()) {
                endEpoch(learn, f);
            }
        }
    }

    /** The figures of the last epoch of the running fit that no callback is within; null before there are any. */
    @Nullable
    EpochRecord lastOfOutermost() {
        EpochFigures f = figures.get(0);
        return f == null ? null : f.last;
    }

    private void endEpoch(Learner learn, EpochFigures f) {
        EpochRecord r = f.take(learn.epoch());
        learn.history().add(r);
        if (!f.headerPrinted) {
            printer.accept(f.table.header());
            f.headerPrinted = true;
        }
        printer.accept(f.table.row(r));
    }

    /** An epoch without its validation pass, because the fit was cancelled before, ends here. */
    @Override
    public void cleanupFit(Learner learn) {
        EpochFigures f = figures.remove(learn.depth());
        if (f != null && f.isOpen() && (learn.failure() == null || learn.failure() instanceof CancelException)) {
            endEpoch(learn, f);
        }
    }

    // ---- checkpoints ----------------------------------------------------------------------------

    /** The figures of the running pass, and the metrics'; what an epoch had is in the history already. */
    @Override
    public State saveState() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("figures", Objects.requireNonNull(figures.get(0)).state());
        Map<String, Object> byMetric = new LinkedHashMap<>();
        metrics.forEach(m -> byMetric.put(m.name(), m.state()));
        values.put("metrics", byMetric);
        return new State(values, Map.of());
    }

    @Override
    public void restoreState(JsonObject values, Map<String, Tensor> tensors) {
        Objects.requireNonNull(figures.get(0)).restore(values.object("figures"));
        JsonObject byMetric = values.object("metrics");
        metrics.forEach(m -> m.restore(byMetric.object(m.name())));
    }

    private @Nullable EpochFigures of(Learner learn) {
        return figures.get(learn.depth());
    }

    private List<String> names() {
        return metrics.stream().map(Metric::name).toList();
    }

    private Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        metrics.forEach(m -> values.put(m.name(), m.value()));
        return Collections.unmodifiableMap(values);
    }

    /** The figures of the running pass so far, for a progress bar: {@code loss 0.4512  accuracy 0.8312}. */
    String running(Learner learn) {
        EpochFigures f = of(learn);
        StringBuilder s = new StringBuilder("loss ").append(EpochTable.number(f == null ? Double.NaN : f.loss()));
        metrics.forEach(m -> s.append("  ").append(m.name()).append(' ').append(EpochTable.number(m.value())));
        return s.toString();
    }
}
