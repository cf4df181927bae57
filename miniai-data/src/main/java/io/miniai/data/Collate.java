package io.miniai.data;

import io.miniai.learn.Batch;
import java.util.List;

/**
 * Makes a batch of samples of any kind; called on the thread that trains.
 *
 * @param <T> a sample
 */
@FunctionalInterface
public interface Collate<T> {
    /** Puts samples, at least one, together; the list is used again for the next batch. */
    Batch collate(List<T> samples);
}
