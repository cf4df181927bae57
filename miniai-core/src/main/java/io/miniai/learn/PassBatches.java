package io.miniai.learn;

import io.miniai.tensor.Workspace;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The batches of one pass, from its first or from a later one, and which pass of its loader that is. */
final class PassBatches {
    private final Batches source;
    private @Nullable Iterator<Batch> iterator;
    private long loaderEpoch = -1;

    PassBatches(Batches source) {
        this.source = source;
    }

    /** Begins with the first call. */
    Iterator<Batch> iterator() {
        Iterator<Batch> it = iterator;
        if (it == null) {
            loaderEpoch = source instanceof ResumableBatches r ? r.nextEpoch() : -1;
            it = source.iterator();
            iterator = it;
        }
        return it;
    }

    /** Begins where a checkpoint was taken; what it has to read on the way is given back to {@code memory}. */
    void beginAfter(Checkpoint saved, Workspace memory) {
        int done = saved.position().batches();
        if (source instanceof ResumableBatches r) {
            loaderEpoch = saved.runningEpoch();
            r.nextEpoch(loaderEpoch);
            iterator = r.iteratorAfter(done);
            return;
        }
        Iterator<Batch> it = source.iterator();
        iterator = it;
        for (int i = 0; i < done; i++) {
            if (!it.hasNext()) {
                throw saved.failure("expected at least %d batches to go on after; got %d. Fix: give it the same data."
                        .formatted(done, i));
            }
            try (Workspace.Entered inside = memory.enter()) {
                it.next();
            }
            memory.release();
        }
    }

    /** The number that the loader gave this pass; −1 when it gives none. */
    long loaderEpoch() {
        return loaderEpoch;
    }

    void close() throws Exception {
        if (iterator instanceof AutoCloseable c) {
            c.close();
        }
    }
}
