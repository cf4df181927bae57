package io.miniai.learn;

/**
 * Adds something to the training loop: a small class that overrides the hooks it needs.
 *
 * <p>The learner calls the hooks on the thread that called {@code fit}, in this order:
 *
 * <pre>
 * beforeFit
 *   for each epoch, for its training pass and then, without gradients, its validation pass:
 *   beforeEpoch
 *     for each batch:
 *     beforeBatch
 *       <i>predict</i>   afterPredict
 *       <i>getLoss</i>   afterLoss
 *       while training:
 *       <i>backward</i>  afterBackward
 *       <i>step</i>      afterStep
 *       <i>zeroGrad</i>
 *     afterBatch
 *     cleanupBatch
 *   afterEpoch
 *   cleanupEpoch
 * afterFit
 * cleanupFit
 * </pre>
 *
 * <p>An epoch here is one pass over the data; {@link Learner#training()} tells which. The five steps in
 * italics belong to the learner; a callback that implements {@link PredictStep}, {@link LossStep},
 * {@link BackwardStep}, {@link OptimizerStep} or {@link ZeroGradStep} takes over that step.
 *
 * <p><b>Order among callbacks.</b> Lower {@link #order()} first, otherwise as they were added, the
 * learner's before those of the fit. The closing hooks {@code after…} and {@code cleanup…} of fit, epoch
 * and batch run in reverse, so that callbacks nest like brackets.
 *
 * <p><b>Cancelling.</b> A hook or step may throw {@link CancelFitException}, {@link CancelEpochException} or
 * {@link CancelBatchException}. It ends that level and nothing else: the rest of the level is skipped,
 * the same hook of the other callbacks and all {@code after…} hooks on the way out included; the
 * {@code cleanup…} hooks on the way out all run; then the loop goes on as if the level had ended by
 * itself. A cancel for a level that is not running is an error.
 *
 * <p><b>Clean-up.</b> {@code cleanup…} runs for every callback at the end of its level whatever happened,
 * also when the callback's own {@code before…} was never reached or when another clean-up failed.
 * {@link Learner#failure()} tells there what ended the level.
 *
 * <p><b>Errors.</b> Any other exception ends the fit and reaches the caller as the cause of a
 * {@link LearnerException}, which names callback, hook, epoch and batch. An {@link Error} reaches the caller
 * as it is. An exception of a clean-up hook never hides an earlier one; it is added to it as suppressed.
 *
 * <p><b>Tensors.</b> What a hook makes lives as long as somebody holds it. What a step makes is reused for
 * the next batch, except what a hook was given: see {@link Borrows}.
 */
public interface Callback {

    /** Where it stands among the callbacks: lower ones come first. The callbacks that ship say theirs. */
    default int order() {
        return 0;
    }

    /** Before anything else; optimizer, options and data are there, a batch is not. */
    default void beforeFit(Learner learn) {}

    /** Before a pass; the model is in its mode (training or evaluation) already. */
    default void beforeEpoch(Learner learn) {}

    /** With a new batch; may replace it by {@link Learner#setBatch}. */
    default void beforeBatch(Learner learn) {}

    /** With new predictions; may replace them by {@link Learner#setPreds}. */
    default void afterPredict(Learner learn) {}

    /** With a new loss; may replace it by {@link Learner#setLoss}. */
    default void afterLoss(Learner learn) {}

    /** While training, with gradients. */
    default void afterBackward(Learner learn) {}

    /** While training, after the parameters were updated; gradients are still there. */
    default void afterStep(Learner learn) {}

    /** After a batch that was neither cancelled nor failed. */
    default void afterBatch(Learner learn) {}

    /** After a batch, whatever happened. */
    default void cleanupBatch(Learner learn) {}

    /** After a pass that was neither cancelled nor failed. */
    default void afterEpoch(Learner learn) {}

    /** After a pass, whatever happened. */
    default void cleanupEpoch(Learner learn) {}

    /** After a fit that was neither cancelled nor failed. */
    default void afterFit(Learner learn) {}

    /** After a fit, whatever happened. */
    default void cleanupFit(Learner learn) {}
}
