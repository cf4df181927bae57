package io.miniai.callback;

import io.miniai.file.JsonObject;
import io.miniai.learn.Borrows;
import io.miniai.learn.CancelFitException;
import io.miniai.learn.EpochTable;
import io.miniai.learn.Learner;
import io.miniai.learn.StatefulCallback;
import io.miniai.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a fit that gets no better: {@code new EarlyStoppingCB(Objective.validLoss()).patience(3)}.
 *
 * <p>Looks at each epoch; when the figure has not become better by more than {@code minDelta} than the best so far for
 * {@code patience} epochs in a row, the fit ends as by {@link CancelFitException}. A figure that is NaN is no better.
 * Every fit begins anew; {@link RestoreBestCB} brings the best weights back.
 *
 * <p>Needs a {@link MetricsCB}. Order 60.
 */
public final class EarlyStoppingCB implements StatefulCallback, Borrows {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyStoppingCB.class);

    private final Objective objective;
    private int patience = 3;
    private double minDelta;
    private double best = Double.NaN;
    private int bestEpoch;
    private int waited;
    private boolean stopped;

    /** Ends a fit after three epochs without a better figure. */
    public EarlyStoppingCB(Objective objective) {
        this.objective = Objects.requireNonNull(objective, "objective");
    }

    /**
     * The number of epochs in a row without a better figure after which the fit ends; 3 unless said otherwise.
     *
     * @return this
     * @throws IllegalArgumentException when it is below 1
     */
    public EarlyStoppingCB patience(int epochs) {
        if (epochs < 1) {
            throw new IllegalArgumentException("Expected a patience of at least 1 epoch; got " + epochs + ".");
        }
        patience = epochs;
        return this;
    }

    /**
     * By how much a figure has to be better to count; 0 unless said otherwise.
     *
     * @return this
     * @throws IllegalArgumentException when it is negative or not finite
     */
    public EarlyStoppingCB minDelta(double delta) {
        if (!(delta >= 0) || Double.isInfinite(delta)) {
            throw new IllegalArgumentException("Expected a minDelta of 0 or more; got " + delta + ".");
        }
        minDelta = delta;
        return this;
    }

    /** Whether the last fit was ended by this callback. */
    public boolean stopped() {
        return stopped;
    }

    @Override
    public int order() {
        return 60;
    }

    @Override
    public void beforeFit(Learner learn) {
        if (learn.depth() == 0) {
            objective.requireFigures(learn, this);
            best = Double.NaN;
            bestEpoch = -1;
            waited = 0;
            stopped = false;
        }
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (!Objective.epochIsComplete(learn)) {
            return;
        }
        double figure = objective.of(learn);
        if (objective.isBetter(figure, best, minDelta)) {
            best = figure;
            bestEpoch = learn.epoch();
            waited = 0;
        } else if (++waited >= patience) {
            stopped = true;
            String since = bestEpoch < 0 ? "never a number" : "best in epoch " + (bestEpoch + 1);
            LOG.info(
                    "Stopped after epoch {}: the {} was {} ({}).",
                    learn.epoch() + 1,
                    objective.name(),
                    since,
                    EpochTable.number(best));
            throw new CancelFitException();
        }
    }

    @Override
    public State saveState() {
        return new State(Map.of("best", best, "best epoch", bestEpoch, "waited", waited), Map.of());
    }

    @Override
    public void restoreState(JsonObject values, Map<String, Tensor> tensors) {
        best = values.number("best");
        bestEpoch = (int) values.integer("best epoch", -1, Integer.MAX_VALUE);
        waited = values.count("waited");
    }
}
