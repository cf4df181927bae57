package io.miniai.callback;

import io.miniai.file.JsonObject;
import io.miniai.learn.Borrows;
import io.miniai.learn.CancelBatchException;
import io.miniai.learn.Learner;
import io.miniai.learn.StatefulCallback;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a fit at the first loss or gradient that is NaN or infinite, before the parameters take it up, and says where it
 * came from: epoch, batch, layer and parameter.
 *
 * <p>Looks at the loss of every batch and, while training, at the gradient of every parameter (one fast pass over its
 * memory). Only when something is wrong it runs the batch again, layer by layer, to find the first whose output is not
 * finite. {@link #skip} leaves such training batches out instead, and counts them.
 *
 * <p>Order -40: before callbacks that use losses or gradients.
 */
public final class NaNGuardCB implements StatefulCallback, Borrows {
    private static final Logger LOG = LoggerFactory.getLogger(NaNGuardCB.class);

    private int skipAtMost;
    private int skipped;
    private List<Map.Entry<String, Tensor>> parameters = List.of();

    /**
     * Leaves training batches out, without an update, up to this many in a fit; the next one is an error. The first one is,
     * unless said otherwise. Parameters that are not finite themselves are always an error.
     *
     * @return this
     * @throws IllegalArgumentException when it is negative
     */
    public NaNGuardCB skip(int atMost) {
        if (atMost < 0) {
            throw new IllegalArgumentException("Expected 0 or more batches to skip; got " + atMost + ".");
        }
        skipAtMost = atMost;
        return this;
    }

    /** The number of batches left out in this fit, or the last. */
    public int skipped() {
        return skipped;
    }

    @Override
    public int order() {
        return -40;
    }

    @Override
    public void beforeFit(Learner learn) {
        if (learn.depth() == 0) {
            skipped = 0;
        }
        // From the loss back to the inputs, the way gradients go; looked up once, not with every batch.
        parameters = new ArrayList<>(learn.model().namedParameters().entrySet());
        Collections.reverse(parameters);
    }

    @Override
    public void afterLoss(Learner learn) {
        if (!Double.isFinite(learn.lossValue())) {
            stopOrSkip(learn, () -> NonFinite.inLoss(learn));
        }
    }

    @Override
    public void afterBackward(Learner learn) {
        for (Map.Entry<String, Tensor> p : parameters) {
            if (!TensorUpdates.isGradFinite(p.getValue())) {
                stopOrSkip(learn, () -> NonFinite.inGradient(learn, p.getKey()));
            }
        }
    }

    @Override
    public State saveState() {
        return new State(Map.of("skipped", skipped), Map.of());
    }

    @Override
    public void restoreState(JsonObject values, Map<String, Tensor> tensors) {
        skipped = values.count("skipped");
    }

    private void stopOrSkip(Learner learn, Supplier<String> message) {
        boolean mayGoOn = learn.training() && skipped < skipAtMost && NonFinite.parameter(learn.model()) == null;
        if (!mayGoOn) {
            String already = skipped == 0 ? "" : " " + skipped + " such batches were left out before.";
            throw new ArithmeticException(message.get() + already);
        }
        skipped++;
        LOG.warn(
                "Left out epoch {}, batch {}: its loss or gradients are not finite ({} of at most {}).",
                learn.epoch() + 1,
                learn.iteration() + 1,
                skipped,
                skipAtMost);
        learn.zeroGrad();
        throw new CancelBatchException();
    }
}
