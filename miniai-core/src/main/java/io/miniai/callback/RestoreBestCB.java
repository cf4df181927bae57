package io.miniai.callback;

import io.miniai.file.JsonObject;
import io.miniai.learn.Borrows;
import io.miniai.learn.Learner;
import io.miniai.learn.StatefulCallback;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves the model as it was after its best epoch: {@code new RestoreBestCB(Objective.highest("accuracy"))}.
 *
 * <p>Keeps a copy of parameters and buffers in memory, one at a time, and writes it back when the fit ends, however it
 * ends: also when it was cancelled, interrupted or failed. Of equal epochs the first is the best; without any figure but
 * NaN nothing is written back. Every fit begins anew.
 *
 * <p>Needs a {@link MetricsCB}. Order 50: at the end of a fit before callbacks of lower orders, which so see the best.
 */
public final class RestoreBestCB implements StatefulCallback, Borrows {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreBestCB.class);

    private final Objective objective;
    private @Nullable Map<String, Tensor> copies;
    private double best = Double.NaN;
    private int bestEpoch = -1;

    /** Brings back the best by a figure of each epoch. */
    public RestoreBestCB(Objective objective) {
        this.objective = Objects.requireNonNull(objective, "objective");
    }

    /** The best epoch of the last fit, from 0; -1 when there was none. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** The figure of the best epoch; NaN when there was none. */
    public double best() {
        return best;
    }

    @Override
    public int order() {
        return 50;
    }

    @Override
    public void beforeFit(Learner learn) {
        if (learn.depth() == 0) {
            objective.requireFigures(learn, this);
            copies = null;
            best = Double.NaN;
            bestEpoch = -1;
        }
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (!Objective.epochIsComplete(learn)) {
            return;
        }
        double figure = objective.of(learn);
        if (objective.isBetter(figure, best, 0)) {
            best = figure;
            bestEpoch = learn.epoch();
            Map<String, Tensor> kept = copies == null ? new LinkedHashMap<>() : copies;
            learn.model().state().forEach((name, t) -> {
                Tensor copy = kept.computeIfAbsent(name, n -> TensorUpdates.state(t));
                TensorUpdates.assign(copy, t);
            });
            copies = kept;
        }
    }

    @Override
    public void cleanupFit(Learner learn) {
        Map<String, Tensor> kept = copies;
        if (learn.depth() > 0 || kept == null) {
            return;
        }
        copies = null;
        if (bestEpoch != learn.epoch() || learn.failure() != null) {
            LOG.info("The model is that of epoch {} again, with the best {}.", bestEpoch + 1, objective.name());
        }
        learn.model().state().forEach((name, t) -> {
            Tensor copy = kept.get(name);
            if (copy != null) {
                TensorUpdates.assign(t, copy);
            }
        });
    }

    @Override
    public State saveState() {
        return new State(Map.of("best", best, "best epoch", bestEpoch), copies == null ? Map.of() : copies);
    }

    @Override
    public void restoreState(JsonObject values, Map<String, Tensor> tensors) {
        best = values.number("best");
        bestEpoch = (int) values.integer("best epoch", -1, Integer.MAX_VALUE);
        Map<String, Tensor> kept = new LinkedHashMap<>();
        tensors.forEach((name, t) -> {
            Tensor copy = TensorUpdates.state(t);
            TensorUpdates.assign(copy, t);
            kept.put(name, copy);
        });
        copies = kept.isEmpty() ? null : kept;
    }
}
