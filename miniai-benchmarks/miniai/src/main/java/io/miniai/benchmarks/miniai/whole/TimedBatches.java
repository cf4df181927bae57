package io.miniai.benchmarks.miniai.whole;

import io.miniai.learn.Batch;
import io.miniai.learn.Batches;
import java.util.Iterator;

/** Measures how long the training thread is in {@code next}: waiting for the loader, and making tensors. */
final class TimedBatches implements Batches {
    private final Batches source;
    private long nanos;

    TimedBatches(Batches source) {
        this.source = source;
    }

    /** Seconds since the last question. */
    double seconds() {
        double seconds = nanos / 1e9;
        nanos = 0;
        return seconds;
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public Iterator<Batch> iterator() {
        Iterator<Batch> batches = source.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                long start = System.nanoTime();
                boolean more = batches.hasNext();
                nanos += System.nanoTime() - start;
                return more;
            }

            @Override
            public Batch next() {
                long start = System.nanoTime();
                Batch batch = batches.next();
                nanos += System.nanoTime() - start;
                return batch;
            }
        };
    }
}
