package io.miniai.learn;

import io.miniai.optim.Optimizer;
import io.miniai.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the training loop is, for callbacks and steps to read and, where there is a setter, to change.
 *
 * <p>During a fit it is the state of that fit. Afterwards it shows how the last fit ended, with the last
 * batch's values without gradients. For the thread that fits.
 */
public abstract sealed class LoopState permits Learner {
    private final ReentrantLock fitting = new ReentrantLock();
    private final History history = new History();
    private @Nullable Run run;

    // ---- the fit --------------------------------------------------------------------------------

    /** What this fit was asked to do; {@code valid()} is false also when there is no data for it. */
    public final FitOptions options() {
        return run().options();
    }

    /** 0 in a fit, 1 in a fit that a callback of it called, and so on. */
    public final int depth() {
        return run().depth();
    }

    /** The callbacks of this fit, in order. */
    public final List<Callback> callbacks() {
        return run().callbacks();
    }

    /** The first callback of this fit of a type, if there is one. */
    public final <T> Optional<T> callback(Class<T> type) {
        return callbacks().stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /**
     * The optimizer of this fit.
     *
     * @throws IllegalStateException when the fit has none: it only validates, or no optimizer was set
     */
    public final Optimizer optimizer() {
        return present(run().optimizer(), "optimizer", "a fit that trains, with .optimizer(SGD::new)");
    }

    /** What is ending the level whose clean-up hooks are running: an exception, a cancel, or null for nothing. */
    public final @Nullable Throwable failure() {
        return run().failure;
    }

    /** Figures of all epochs of all fits so far, written by the callback that collects metrics. */
    public final History history() {
        return history;
    }

    // ---- the epoch ------------------------------------------------------------------------------

    /** The running epoch, from 0. */
    public final int epoch() {
        return run().epoch;
    }

    /** The number of epochs of this fit. */
    public final int epochs() {
        return run().epochs();
    }

    /** Whether this pass trains; otherwise it validates. */
    public final boolean training() {
        return run().training;
    }

    /** The batches of this pass. */
    public final Batches dl() {
        return present(run().dl, "dl", "a hook from beforeEpoch on");
    }

    // ---- the batch ------------------------------------------------------------------------------

    /** The running batch of this pass, from 0; -1 before the first. */
    public final int iteration() {
        return run().iteration;
    }

    /** Inputs and targets. */
    public final Batch batch() {
        return run().lend(present(run().batch, "batch", "a hook from beforeBatch on"));
    }

    /** Replaces the batch, in beforeBatch. */
    public final void setBatch(Batch batch) {
        inBatch("setBatch").batch = Objects.requireNonNull(batch, "batch");
    }

    /** What the model made of the batch, {@code [N, ...]}. */
    public final Tensor preds() {
        return run().lend(present(run().preds, "preds", "a hook from afterPredict on"));
    }

    /** Replaces the predictions, in afterPredict. */
    public final void setPreds(Tensor preds) {
        inBatch("setPreds").preds = Objects.requireNonNull(preds, "preds");
    }

    /** The loss of the batch, shape {@code []}. */
    public final Tensor loss() {
        return run().lend(present(run().loss(), "loss", "a hook from afterLoss on"));
    }

    /** The loss of the batch as a number, read from the tensor once per batch however often it is asked for. */
    public final double lossValue() {
        present(run().loss(), "loss", "a hook from afterLoss on");
        return run().lossValue();
    }

    /** Replaces the loss, in afterLoss, for example by itself plus a penalty. */
    public final void setLoss(Tensor loss) {
        inBatch("setLoss").loss(Objects.requireNonNull(loss, "loss"));
    }

    // ---- entering and leaving fits --------------------------------------------------------------

    final boolean isFitting() {
        return fitting.isLocked();
    }

    /** Claims this learner for the thread. @return the fit that this one is started from, or null */
    final @Nullable Run enter() {
        if (!fitting.tryLock()) {
            throw new IllegalStateException(
                    "This Learner is fitting on another thread already. Fix: wait for that fit to end, or use a"
                            + " Learner and a model of its own for each thread.");
        }
        return fitting.getHoldCount() > 1 ? run : null;
    }

    final Run start(Run next) {
        run = next;
        return next;
    }

    final void end(@Nullable Run outer) {
        if (outer != null) {
            run = outer;
        }
        leave();
    }

    final void leave() {
        fitting.unlock();
    }

    final Run run() {
        Run r = run;
        if (r == null) {
            throw new IllegalStateException(
                    "Expected a fit to be running or done; got none so far. Fix: read the state of the loop from"
                            + " a callback, or after fit.");
        }
        return r;
    }

    /** The running or latest fit, if there was one. */
    final @Nullable Run lastRun() {
        return run;
    }

    private Run inBatch(String method) {
        if (!run().isOpen(Level.BATCH)) {
            throw new IllegalStateException(
                    "Expected " + method + " from a hook or step of a batch; got it outside of one.");
        }
        return run();
    }

    private static <T> T present(@Nullable T value, String what, String where) {
        if (value == null) {
            throw new IllegalStateException("There is no " + what + " here. Expected: " + where + ".");
        }
        return value;
    }
}
