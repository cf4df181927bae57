package io.miniai.learn;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * The batches of one pass over a data set; a data loader is one, a list of batches another.
 *
 * <p>Every call of {@link #iterator()} begins a new pass, so it can be iterated once per epoch. The
 * learner calls {@link Iterator#next()} on the thread that trains, and tensors made in there are reused
 * after the training step. When the iterator is {@link AutoCloseable}, the learner closes it at the end
 * of the pass, also when the pass stops early. A {@code next()} that waits and is interrupted sets the
 * thread's interrupt flag again and throws any unchecked exception.
 */
public interface Batches extends Iterable<Batch> {

    /** The number of batches of one pass, or -1 when it is not known. */
    int size();

    /** The batches of a list, always in its order. */
    static Batches of(List<Batch> batches) {
        return of((Iterable<Batch>) List.copyOf(batches));
    }

    /** The batches of anything that can be iterated over again and again. */
    static Batches of(Iterable<Batch> batches) {
        if (batches instanceof Batches b) {
            return b;
        }
        return new Batches() {
            @Override
            public int size() {
                return batches instanceof Collection<?> c ? c.size() : -1;
            }

            @Override
            public Iterator<Batch> iterator() {
                return batches.iterator();
            }
        };
    }
}
