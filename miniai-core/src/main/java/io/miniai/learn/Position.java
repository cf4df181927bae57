package io.miniai.learn;

/**
 * Where a fit was when it was saved.
 *
 * @param epoch the epoch to go on with, from 0; the number of epochs when all are done
 * @param batches how many batches of its training pass are done
 * @param inPass whether that pass had begun; otherwise the fit was between two epochs
 */
record Position(int epoch, int batches, boolean inPass) {
    /** Goes on after what the learner has just done. */
    static Position after(Run run) {
        boolean batchDone = run.isOpen(Level.BATCH) && run.training;
        boolean epochDone = run.isOpen(Level.EPOCH)
                && !run.isOpen(Level.BATCH)
                && (!run.training || !run.options().valid());
        if (run.depth() > 0 || !(batchDone || epochDone)) {
            throw new IllegalStateException("Expected a checkpoint to be saved at the end of a training batch or of an"
                    + " epoch, of the outermost fit; got another moment. Fix: use CheckpointCB, or save in"
                    + " cleanupBatch or cleanupEpoch.");
        }
        return batchDone ? new Position(run.epoch, run.iteration + 1, true) : new Position(run.epoch + 1, 0, false);
    }
}
