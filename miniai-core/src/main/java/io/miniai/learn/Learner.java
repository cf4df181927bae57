package io.miniai.learn;

import io.miniai.nn.Loss;
import io.miniai.nn.ModelFile;
import io.miniai.nn.Module;
import io.miniai.nn.ShapeCheck;
import io.miniai.optim.Optimizer;
import io.miniai.optim.OptimizerFactory;
import io.miniai.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model: the loop over epochs and batches, and nothing that a {@link Callback} can do.
 *
 * <pre>{@code
 * var learn = Learner.of(cnn, dls).loss(Losses::crossEntropy).optimizer(SGD::new).with(new MetricsCB(new Accuracy()));
 * learn.fit(5, 0.4);
 * }</pre>
 *
 * <p>{@code fit} runs epochs, an epoch runs a training pass and then a validation pass without gradients, a
 * pass runs batches, and a batch runs five steps: {@link #predict}, {@link #getLoss} and, while training,
 * {@link #backward}, {@link #step}, {@link #zeroGrad}. A callback takes over a step by implementing
 * {@link PredictStep} and its like; a subclass overrides it. {@link Callback} says when each hook is called.
 *
 * <p>Every fit has an optimizer of its own, so momentum does not carry over. Callbacks and learning rate
 * given to a fit are gone when it ends, however it ends. Afterwards the model is in evaluation mode.
 *
 * <p>A callback may call {@code fit} again: the inner fit has its own state, optimizer and options, uses
 * the learner's callbacks and its own but not those given to the outer fit only, and when it ends, the
 * state of the outer one is back ({@link #depth()} tells them apart). Between predict and step an inner
 * fit may only validate: the outer backward throws when the parameters have changed since its forward, and training forgets
 * the gradients.
 *
 * <p>A learner is for one thread at a time.
 */
public non-sealed class Learner extends LoopState {
    private static final int MAX_DEPTH = 16;
    private static final String NO_LOSS = "no loss: .loss(Losses::crossEntropy)";
    private static final String NO_OPTIMIZER = "no optimizer: .optimizer(SGD::new)";

    private final Module model;
    private final TrainValid dls;
    private final List<Callback> callbacks = new ArrayList<>();
    private @Nullable Loss lossFunction;
    private @Nullable OptimizerFactory optimizerFactory;
    private @Nullable Double lr;

    /** For subclasses; others use {@link #of}. */
    public Learner(Module model, TrainValid dls) {
        this.model = Objects.requireNonNull(model, "model: a Learner needs a model to train, Learner.of(model, dls)");
        this.dls = Objects.requireNonNull(dls, "dls: a Learner needs data, DataLoaders or TrainValid.of(train, valid)");
    }

    /** A learner that trains {@code model} on {@code dls}; it still needs a loss and an optimizer. */
    public static Learner of(Module model, TrainValid dls) {
        return new Learner(model, dls);
    }

    // ---- the loop -------------------------------------------------------------------------------

    /** Runs a number of epochs with the learner's learning rate; the callbacks are for this fit only. */
    public final void fit(int epochs, Callback... callbacks) {
        fit(FitOptions.of(epochs).with(callbacks));
    }

    /** Runs a number of epochs; learning rate and callbacks are for this fit only. */
    public final void fit(int epochs, double lr, Callback... callbacks) {
        fit(FitOptions.of(epochs).lr(lr).with(callbacks));
    }

    /**
     * Runs a fit.
     *
     * @throws IllegalStateException when something it needs is missing, before anything has run
     * @throws LearnerException when a callback, a step or the data fails; the cause is the original exception
     * @throws FitInterruptedException when the thread is interrupted
     */
    public final void fit(FitOptions options) {
        fit(options, null);
    }

    /**
     * Goes on with a fit that was saved by {@code CheckpointCB}, and runs the rest of it: the same batches, with the same
     * results to the bit as if it had never stopped. Model, data, loss, optimizer and callbacks are set up as they were;
     * epochs and learning rate are those of the checkpoint.
     *
     * @param checkpoint the file, see {@code CheckpointCB.latest}
     * @param callbacks those that were given to that fit only
     * @throws io.miniai.file.FileException when it is no checkpoint, or model, data or optimizer are not as they were;
     *     the message lists what differs, and nothing has run
     */
    public final void resume(Path checkpoint, Callback... callbacks) {
        Checkpoint from = Checkpoint.read(checkpoint);
        fit(from.options().with(callbacks), from);
    }

    private void fit(FitOptions options, @Nullable Checkpoint from) {
        try (Run run = begin(options, from)) {
            if (from != null) {
                from.requireSame(this, run);
            }
            run.within(Level.FIT, () -> {
                run.resumeFit();
                for (int epoch = run.firstEpoch(); epoch < run.epochs(); epoch++) {
                    run.epoch = epoch;
                    if (run.options().train()) {
                        Tensor.withGrad(() -> oneEpoch(run, true));
                    }
                    if (run.options().valid()) {
                        Tensor.noGrad(() -> oneEpoch(run, false));
                    }
                }
            });
        }
    }

    private void oneEpoch(Run run, boolean training) {
        model.train(training);
        run.startPass(training);
        run.within(Level.EPOCH, () -> {
            run.resumePass();
            while (run.nextBatch()) {
                run.within(Level.BATCH, () -> oneBatch(run));
            }
        });
    }

    private static void oneBatch(Run run) {
        run.predict();
        run.call(Event.AFTER_PREDICT);
        run.getLoss();
        run.call(Event.AFTER_LOSS);
        if (run.training) {
            run.backward();
            run.call(Event.AFTER_BACKWARD);
            run.step();
            run.call(Event.AFTER_STEP);
            run.zeroGrad();
        }
    }

    // ---- the five steps -------------------------------------------------------------------------

    /** Calls the model with the inputs of the batch; with the first batch of a fit it checks first that they fit. */
    public Tensor predict() {
        Tensor x = batch().x();
        if (run().isFirstBatch()) {
            ShapeCheck.check(model, x);
        }
        return model.apply(x);
    }

    /** Calls the loss function with the predictions and the targets of the batch; explains by layer when they do not fit. */
    public Tensor getLoss() {
        Batch batch = batch();
        Tensor preds = preds();
        try {
            return lossFunction().apply(preds, batch.y());
        } catch (IllegalArgumentException e) {
            throw ShapeCheck.explainLoss(model, batch.x(), preds, batch.y(), e);
        }
    }

    /** Computes the gradients of the loss. */
    public void backward() {
        loss().backward();
    }

    /** Updates the parameters. */
    public void step() {
        optimizer().step();
    }

    /** Forgets the gradients. */
    public void zeroGrad() {
        optimizer().zeroGrad();
    }

    // ---- setting up -----------------------------------------------------------------------------

    /** What is to be made small: {@code .loss(Losses::crossEntropy)}. */
    public final Learner loss(Loss loss) {
        requireIdle("loss");
        lossFunction = Objects.requireNonNull(loss, "loss");
        return this;
    }

    /** What makes the optimizer of each fit: {@code .optimizer(SGD::new)}. */
    public final Learner optimizer(OptimizerFactory factory) {
        requireIdle("optimizer");
        optimizerFactory = Objects.requireNonNull(factory, "optimizer");
        return this;
    }

    /** The learning rate of fits that are given none. */
    public final Learner lr(double lr) {
        requireIdle("lr");
        this.lr = FitOptions.checkLr(lr);
        return this;
    }

    /** Adds callbacks, for all fits from now on. */
    public final Learner with(Callback... callbacks) {
        requireIdle("with");
        this.callbacks.addAll(FitOptions.checkCallbacks(callbacks));
        return this;
    }

    /**
     * Saves the model with notes on this learner: the data's fingerprint, learning rate, optimizer, and the figures of
     * the latest epoch. {@link ModelFile#load} makes a model of it again.
     *
     * @throws io.miniai.file.FileException when it cannot be written; an old file is still there then
     */
    public final void save(Path file) {
        ModelFile.save(model, file, FitNotes.of(this));
    }

    /** The model. */
    public final Module model() {
        return model;
    }

    /** Training and validation data. */
    public final TrainValid dls() {
        return dls;
    }

    /**
     * The loss function.
     *
     * @throws IllegalStateException when none was set
     */
    public final Loss lossFunction() {
        Loss f = lossFunction;
        if (f == null) {
            throw new IllegalStateException(NO_LOSS);
        }
        return f;
    }

    private void requireIdle(String method) {
        if (isFitting()) {
            throw new IllegalStateException(
                    "Expected " + method + "(...) between fits; got it from inside one. Fix: set the Learner up"
                            + " before fit, or hand callbacks and lr to fit itself.");
        }
    }

    /** Everything that can go wrong before the first hook goes wrong here. */
    private Run begin(FitOptions asked, @Nullable Checkpoint from) {
        Run outer = enter();
        try {
            if (outer != null && outer.depth() >= MAX_DEPTH) {
                throw new IllegalStateException(
                        "Expected a callback that calls fit to come to an end; got fits nested " + MAX_DEPTH
                                + " deep. Fix: the callback is called in the inner fit, too: let it check depth() == 0.");
            }
            FitOptions options = asked.valid(asked.valid() && (!asked.train() || dls.valid() != null));
            List<Callback> all = new ArrayList<>(callbacks);
            all.addAll(options.callbacks());
            all.sort(Comparator.comparingInt(Callback::order));
            Steps steps = new Steps(all);
            Double rate = options.lr() != null ? options.lr() : lr;
            checkComplete(options, steps, rate);
            Optimizer optimizer = options.train() && optimizerFactory != null && rate != null
                    ? Objects.requireNonNull(
                            optimizerFactory.create(model.parameters(), rate),
                            "Expected an optimizer; the function given to optimizer(…) returned null.")
                    : null;
            if (optimizer != null) {
                optimizer.zeroGrad(); // a fit that has failed may have left gradients
            }
            return start(new Run(this, outer, options, all, steps, optimizer, rate, from));
        } catch (RuntimeException | Error e) {
            leave();
            throw e;
        }
    }

    /** A subclass may need no loss function or optimizer; if it does after all, the accessors complain. */
    private void checkComplete(FitOptions options, Steps steps, @Nullable Double rate) {
        boolean plain = getClass() == Learner.class;
        List<String> missing = new ArrayList<>();
        if (lossFunction == null && plain && steps.getLoss == null) {
            missing.add(NO_LOSS);
        }
        if (options.train() && optimizerFactory == null && plain && steps.step == null) {
            missing.add(NO_OPTIMIZER);
        }
        if (options.train() && optimizerFactory != null && rate == null) {
            missing.add("no learning rate: fit(epochs, 0.1) or .lr(0.1)");
        }
        if (!options.train() && dls.valid() == null) {
            missing.add("no data to validate on: TrainValid.of(train, valid), or leave train(false) away");
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("This Learner cannot fit yet. It has " + String.join("; ", missing) + ".");
        }
    }
}
