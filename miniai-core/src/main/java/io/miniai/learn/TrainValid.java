package io.miniai.learn;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The data of a fit: batches to train on and, if there are any, batches to validate on.
 *
 * <p>Both are asked for at the beginning of each pass. Shuffling is the business of {@link #train()};
 * {@link #valid()} should give the same batches in the same order each time.
 */
public interface TrainValid {

    /** Batches to train on. */
    Batches train();

    /** Batches to validate on; null when there are none, and then no validation takes place. */
    @Nullable
    Batches valid();

    /** Pairs two sources of batches, for example two lists. */
    static TrainValid of(Iterable<Batch> train, Iterable<Batch> valid) {
        Objects.requireNonNull(valid, "valid: use TrainValid.of(train) when there is nothing to validate on");
        return pair(train, Batches.of(valid));
    }

    /** Batches to train on and nothing to validate on. */
    static TrainValid of(Iterable<Batch> train) {
        return pair(train, null);
    }

    private static TrainValid pair(Iterable<Batch> train, @Nullable Batches valid) {
        Objects.requireNonNull(train, "train: a Learner needs batches to train on");
        record Pair(Batches train, @Nullable Batches valid) implements TrainValid {}
        return new Pair(Batches.of(train), valid);
    }
}
