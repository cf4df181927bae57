package io.miniai.metric;

import io.miniai.nn.Loss;
import io.miniai.tensor.Tensor;
import java.util.Objects;

/** A loss as a metric: its mean over batches, each weighted by its samples, so that a small last batch counts less. */
public final class MeanLoss extends Metric {
    private final String name;
    private final Loss loss;

    /** For example {@code new MeanLoss("l1", Losses::l1)} beside a training loss that is another. */
    public MeanLoss(String name, Loss loss) {
        this.name = Objects.requireNonNull(name, "name");
        this.loss = Objects.requireNonNull(loss, "loss");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    protected double calc(Tensor preds, Tensor target) {
        return loss.apply(preds, target).item();
    }
}
