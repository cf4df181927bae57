package io.miniai.callback;

import io.miniai.learn.Callback;
import io.miniai.learn.EpochRecord;
import io.miniai.learn.Learner;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * A figure of each epoch and which way it gets better, for callbacks that wait for the best:
 * {@code Objective.validLoss()}, {@code Objective.highest("accuracy")}. {@link MetricsCB} provides the figures.
 */
public final class Objective {
    private final String name;
    private final boolean highest;
    private final boolean ofValidation;
    private final ToDoubleFunction<EpochRecord> figure;

    private Objective(String name, boolean highest, boolean ofValidation, ToDoubleFunction<EpochRecord> figure) {
        this.name = name;
        this.highest = highest;
        this.ofValidation = ofValidation;
        this.figure = figure;
    }

    /** The validation loss, the lower the better. */
    public static Objective validLoss() {
        return new Objective("validation loss", false, true, EpochRecord::validLoss);
    }

    /** The training loss, the lower the better. */
    public static Objective trainLoss() {
        return new Objective("training loss", false, false, EpochRecord::trainLoss);
    }

    /** A metric of the validation pass, the higher the better, such as the accuracy. */
    public static Objective highest(String metric) {
        return validMetric(metric, true);
    }

    /** A metric of the validation pass, the lower the better, such as an error. */
    public static Objective lowest(String metric) {
        return validMetric(metric, false);
    }

    private static Objective validMetric(String metric, boolean highest) {
        Objects.requireNonNull(metric, "metric");
        return new Objective("validation " + metric, highest, true, e -> {
            Double value = e.validMetrics().get(metric);
            if (value == null && !Double.isNaN(e.validLoss())) {
                throw new IllegalStateException(
                        "Expected a metric of " + e.validMetrics().keySet() + "; got \"" + metric
                                + "\". Fix: give it to the MetricsCB, or name one that it has.");
            }
            return value == null ? Double.NaN : value;
        });
    }

    /** What it looks at: {@code validation accuracy}. */
    public String name() {
        return name;
    }

    /**
     * The figure of an epoch; NaN when that epoch did not have it.
     *
     * @throws IllegalStateException when no epoch of the fit can have it, because the metric is unknown
     */
    public double of(EpochRecord epoch) {
        return figure.applyAsDouble(epoch);
    }

    /** The figure of the epoch of the outermost fit that runs; NaN when it has none yet. */
    double of(Learner learn) {
        EpochRecord last =
                learn.callback(MetricsCB.class).map(MetricsCB::lastOfOutermost).orElse(null);
        return last == null || last.epoch() != learn.epoch() ? Double.NaN : of(last);
    }

    /** Whether a figure is better than another by more than {@code minDelta}; NaN is worse than any number. */
    public boolean isBetter(double figure, double than, double minDelta) {
        if (Double.isNaN(figure) || Double.isNaN(than)) {
            return !Double.isNaN(figure);
        }
        return highest ? figure > than + minDelta : figure < than - minDelta;
    }

    /** Whether a pass that has just ended completes the figures of its epoch in the fit that was asked for. */
    static boolean epochIsComplete(Learner learn) {
        return learn.depth() == 0 && (!learn.training() || !learn.options().valid());
    }

    /** @throws IllegalStateException when the fit that begins will not have the figure in any epoch */
    void requireFigures(Learner learn, Callback callback) {
        String who = callback.getClass().getSimpleName();
        if (learn.callback(MetricsCB.class).isEmpty()) {
            throw new IllegalStateException(
                    who + " needs the figures of each epoch. Fix: add a MetricsCB to the Learner.");
        }
        if (ofValidation && !learn.options().valid()) {
            throw new IllegalStateException(who + " waits for the " + name + ", but this fit has no validation pass."
                    + " Fix: give the Learner validation data, or watch Objective.trainLoss().");
        }
    }
}
