package io.miniai.learn;

import io.miniai.file.FileException;
import io.miniai.optim.Optimizer;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Workspace;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of fit: its state, and how hooks and steps are run so that the contract of {@link Callback} holds. */
final class Run implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Learner.class);
    private static final String NOTHING = "Expected a value; got null";

    private final Learner learn;
    private final @Nullable Run outer;
    private final FitOptions options;
    private final List<Callback> callbacks;
    private final Steps steps;
    private final @Nullable Optimizer optimizer;
    private final @Nullable Double rate;
    private final Map<String, Object> optimizerSettings = new LinkedHashMap<>();
    private final @Nullable Checkpoint from;
    private final Workspace memory = new Workspace();
    private final Workspace.Entered suspended = Workspace.suspend();

    int epoch;
    int iteration = -1;
    boolean training;

    @Nullable
    Batches dl;

    @Nullable
    Batch batch;

    @Nullable
    Tensor preds;

    @Nullable
    Throwable failure;

    private @Nullable PassBatches batches;
    private int batchesSeen;
    private boolean resumed;
    private @Nullable Tensor loss;
    private @Nullable Double lossValue;
    private @Nullable Level open;
    private boolean lends;
    private boolean interrupted;
    private boolean ended;

    Run(
            Learner learn,
            @Nullable Run outer,
            FitOptions options,
            List<Callback> callbacks,
            Steps steps,
            @Nullable Optimizer optimizer,
            @Nullable Double rate,
            @Nullable Checkpoint from) {
        this.learn = learn;
        this.outer = outer;
        this.options = options;
        this.callbacks = callbacks;
        this.steps = steps;
        this.optimizer = optimizer;
        this.rate = rate;
        this.from = from;
        if (optimizer != null) {
            // Now, since a schedule may change them.
            optimizerSettings.put("", optimizer.getClass().getSimpleName());
            optimizerSettings.putAll(optimizer.settings());
        }
    }

    // ---- going on -------------------------------------------------------------------------------

    /** The epoch to begin with. */
    int firstEpoch() {
        return from == null ? 0 : from.position().epoch();
    }

    /** Puts a checkpoint back when the fit begins; whatever the hooks before did to the state is overwritten. */
    void resumeFit() {
        if (from != null) {
            from.restore(learn, this);
            from.restoreLoaders(learn);
        }
    }

    /** Puts it back once more in the pass that is taken up in its middle, since hooks have begun that pass anew. */
    void resumePass() {
        if (from != null && from.position().inPass() && training && !resumed) {
            resumed = true;
            from.restore(learn, this);
            try {
                Objects.requireNonNull(batches).beginAfter(from, memory);
            } catch (FileException e) {
                throw e;
            } catch (Throwable t) {
                throw failed("next batch", "going on after the batches that are done", null, Level.EPOCH, t);
            }
            from.restoreLoaders(learn);
            iteration = from.position().batches() - 1;
        }
    }

    // ---- hooks ----------------------------------------------------------------------------------

    /** Runs a level between its hooks, and ends it as {@link Callback} promises. */
    void within(Level level, Runnable body) {
        Level around = open;
        open = level;
        Throwable ending = null;
        try {
            call(level.before());
            body.run();
            call(level.after());
        } catch (RuntimeException | Error e) {
            ending = e;
        }
        ending = cleanUp(level, ending);
        open = around;
        if (!(ending instanceof CancelException c && c.level() == level)) {
            throwAgain(ending);
        }
    }

    /** Calls one hook of all callbacks. */
    void call(Event event) {
        int n = callbacks.size();
        for (int i = 0; i < n; i++) {
            call(event, callbacks.get(event.closes() ? n - 1 - i : i));
        }
    }

    private void call(Event event, Callback callback) {
        lends = !(callback instanceof Borrows);
        try {
            event.call(callback, learn);
        } catch (Throwable t) {
            throw failed(event.toString(), event + " of " + Steps.nameOf(callback), callback, event.level(), t);
        } finally {
            lends = false;
        }
    }

    private @Nullable Throwable cleanUp(Level level, @Nullable Throwable ending) {
        Throwable worst = ending;
        if (level == Level.EPOCH) {
            worst = worse(worst, closeBatches());
        }
        for (int i = callbacks.size() - 1; i >= 0; i--) {
            failure = worst;
            try {
                call(level.cleanup(), callbacks.get(i));
            } catch (RuntimeException | Error e) {
                worst = worse(worst, e);
            }
        }
        failure = null;
        return worst;
    }

    /** What ends a level when two things want to: a failure before a cancel, the first failure, the outermost cancel. */
    private static @Nullable Throwable worse(@Nullable Throwable first, @Nullable Throwable second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        if (first instanceof CancelException a) {
            return second instanceof CancelException b && b.level().isWithin(a.level()) ? a : second;
        }
        if (second != first && !(second instanceof CancelException)) {
            first.addSuppressed(second);
        }
        return first;
    }

    private static void throwAgain(@Nullable Throwable t) {
        if (t instanceof Error e) {
            throw e;
        }
        if (t instanceof RuntimeException e) {
            throw e;
        }
    }

    // ---- steps ----------------------------------------------------------------------------------

    void predict() {
        PredictStep by = steps.predict;
        preds = step("predict", by, () -> by == null ? learn.predict() : by.predict(learn));
    }

    void getLoss() {
        LossStep by = steps.getLoss;
        loss(step("getLoss", by, () -> oneNumber(by == null ? learn.getLoss() : by.getLoss(learn))));
    }

    private static Tensor oneNumber(@Nullable Tensor loss) {
        if (loss != null && loss.numel() != 1) {
            throw new ShapeException(
                    "Expected a loss of one number; got " + loss.shape() + ". Fix: end it with mean() or sum().");
        }
        return Objects.requireNonNull(loss, "Expected a loss of one number; the loss function returned null.");
    }

    void backward() {
        BackwardStep by = steps.backward;
        step("backward", by, by == null ? learn::backward : () -> by.backward(learn));
    }

    void step() {
        OptimizerStep by = steps.step;
        step("step", by, by == null ? learn::step : () -> by.step(learn));
    }

    void zeroGrad() {
        ZeroGradStep by = steps.zeroGrad;
        step("zeroGrad", by, by == null ? learn::zeroGrad : () -> by.zeroGrad(learn));
    }

    private void step(String name, @Nullable Callback by, Runnable body) {
        step(name, by, () -> {
            body.run();
            return true;
        });
    }

    /** What is made in here is given back before the next batch. */
    private <T> T step(String name, @Nullable Callback by, Supplier<T> body) {
        Workspace.Entered inside = memory.enter();
        try {
            return Objects.requireNonNull(body.get(), NOTHING);
        } catch (Throwable t) {
            throw failed(name, "step " + name + doneBy(by), by, Level.BATCH, t);
        } finally {
            inside.close();
        }
    }

    private String doneBy(@Nullable Callback by) {
        if (by != null) {
            return " of " + Steps.nameOf(by);
        }
        return learn.getClass() == Learner.class ? "" : " of " + Steps.nameOf(learn);
    }

    // ---- data -----------------------------------------------------------------------------------

    void startPass(boolean training) {
        this.training = training;
        iteration = -1;
        forgetBatch();
        try {
            Batches source = Objects.requireNonNull(
                    training ? learn.dls().train() : learn.dls().valid(), NOTHING);
            dl = source;
            batches = new PassBatches(source);
        } catch (Throwable t) {
            throw failed("dls", "asking for the " + pass() + " data", null, Level.FIT, t);
        }
    }

    /** Fetches the next batch; false at the end of the pass. */
    boolean nextBatch() {
        try {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            Iterator<Batch> it = Objects.requireNonNull(batches).iterator();
            if (!it.hasNext()) {
                if (iteration < 0) {
                    throw new IllegalStateException(
                            "Expected at least one batch; got none. Fix: give it data, and a source that can be"
                                    + " iterated again for every epoch.");
                }
                return false;
            }
            forgetBatch();
            Workspace.Entered inside = memory.enter();
            try {
                batch = Objects.requireNonNull(it.next(), NOTHING);
            } finally {
                inside.close();
            }
            iteration++;
            batchesSeen++;
            return true;
        } catch (Throwable t) {
            throw failed("next batch", "reading batch " + of(iteration + 1), null, Level.EPOCH, t);
        }
    }

    private void forgetBatch() {
        memory.release();
        batch = null;
        preds = null;
        loss(null);
    }

    private @Nullable RuntimeException closeBatches() {
        PassBatches ended = batches;
        try {
            if (ended != null) {
                ended.close();
            }
            return null;
        } catch (Exception e) {
            return failed("close", "closing the " + pass() + " data", null, Level.EPOCH, e);
        }
    }

    // ---- state ----------------------------------------------------------------------------------

    FitOptions options() {
        return options;
    }

    List<Callback> callbacks() {
        return callbacks;
    }

    @Nullable
    Optimizer optimizer() {
        return optimizer;
    }

    /** The learning rate it began with. */
    @Nullable
    Double rate() {
        return rate;
    }

    /** Class (under the empty name) and settings of the optimizer as it was made; empty without one. */
    Map<String, Object> optimizerSettings() {
        return optimizerSettings;
    }

    /** The number the loader gave the running pass; −1 when it gives none. */
    long loaderEpoch() {
        return batches == null ? -1 : batches.loaderEpoch();
    }

    int epochs() {
        return options.epochs();
    }

    int depth() {
        return outer == null ? 0 : outer.depth() + 1;
    }

    /** Whether hooks and steps of this level may run now. */
    boolean isOpen(Level level) {
        return open != null && open.isWithin(level);
    }

    boolean isFirstBatch() {
        return batchesSeen == 1;
    }

    @Nullable
    Tensor loss() {
        return loss;
    }

    void loss(@Nullable Tensor loss) {
        this.loss = loss;
        lossValue = null;
    }

    double lossValue() {
        Double v = lossValue;
        if (v == null) {
            v = Objects.requireNonNull(loss).item();
            lossValue = v;
        }
        return v;
    }

    /** A tensor on its way out of the loop: it must not be given back, unless the reader promised not to keep it. */
    Tensor lend(Tensor t) {
        return lends || ended ? t.keep() : t;
    }

    Batch lend(Batch b) {
        return lends || ended ? b.keep() : b;
    }

    /** Gives the step's memory back, but not what the learner goes on showing. */
    @Override
    public void close() {
        ended = true;
        Tensor lastPreds = preds;
        Tensor lastLoss = loss;
        batch = batch == null ? null : kept(batch::keep);
        preds = lastPreds == null ? null : kept(() -> lastPreds.detach().keep());
        loss = lastLoss == null ? null : kept(() -> lastLoss.detach().keep());
        try {
            memory.release();
        } finally {
            suspended.close();
            learn.model().train(outer != null && outer.training);
            learn.end(outer);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What cannot be kept, because it was never computed and cannot be now, is not shown: the fit has ended for another reason. */
    private static <T> @Nullable T kept(Supplier<T> keep) {
        try {
            return keep.get();
        } catch (RuntimeException e) {
            LOG.debug("The last batch, its predictions or loss cannot be shown after the fit", e);
            return null;
        }
    }

    // ---- errors ---------------------------------------------------------------------------------

    /** Turns what was thrown into what ends the fit. */
    private RuntimeException failed(String event, String what, @Nullable Callback by, Level level, Throwable t) {
        if (t instanceof CancelException c && level.isWithin(c.level())) {
            return c;
        }
        if (t instanceof FitInterruptedException inner) {
            interrupted |= Thread.interrupted();
            return inner;
        }
        var place = new LearnerException.Place(
                by, event, isOpen(Level.EPOCH) ? epoch : -1, isOpen(Level.BATCH) ? iteration : -1);
        String text = where() + ": " + what;
        if (t instanceof Error e) {
            e.addSuppressed(new LearnerException(text + " failed", place, null));
            throw e;
        }
        if (t instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
            // Clean-up shall not trip over the flag; close() sets it again.
            Thread.interrupted();
            interrupted = true;
            return new FitInterruptedException(text + " was interrupted", place, t);
        }
        String why = t instanceof CancelException c
                ? t.getClass().getSimpleName() + " was thrown, but no " + c.level() + " is running there"
                : t.getClass().getSimpleName() + (t.getMessage() == null ? "" : ": " + t.getMessage());
        return new LearnerException(text + " failed: " + why, place, t);
    }

    /** For people, so counted from 1: {@code Epoch 2/5, training batch 18/235}. */
    private String where() {
        if (!isOpen(Level.EPOCH)) {
            return "Fit of " + epochs() + (epochs() == 1 ? " epoch" : " epochs");
        }
        String s = "Epoch " + (epoch + 1) + "/" + epochs() + ", " + pass();
        return isOpen(Level.BATCH) ? s + " batch " + of(iteration) : s;
    }

    private String pass() {
        return training ? "training" : "validation";
    }

    private String of(int batch) {
        int size = dl == null ? -1 : dl.size();
        return (batch + 1) + (size < 0 ? "" : "/" + size);
    }
}
