package io.miniai.data;

import io.miniai.data.fault.Faults;
import io.miniai.learn.Batch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One epoch. A ring of buffers is filled ahead by the loader's threads; when a buffer has become tensors, it is
 * filled again with a later batch.
 *
 * <p>No thread ever waits for the consumer, so an iteration that simply stops leaves nothing behind: the few
 * batches on order are finished or, after {@link #close}, dropped.
 */
final class BatchIterator implements Iterator<Batch>, AutoCloseable {
    private static final FutureTask<?> DONE = new FutureTask<>(() -> {}, null);

    static {
        DONE.run();
    }

    private final BatchSource source;
    private final SampleOrder order;
    private final long epoch;
    private final LoaderThreads threads;
    private final List<Slot> ring = new ArrayList<>();
    private final int first;
    private int next;
    private volatile boolean closed;

    BatchIterator(BatchSource source, SampleOrder order, long epoch, LoaderThreads threads, int ahead, int done) {
        this.source = source;
        this.order = order;
        this.epoch = epoch;
        this.threads = threads;
        // Where samples may be left out, batches may be empty and do not count: only reading tells.
        first = source.maySkip() ? 0 : Math.min(done, order.batches());
        next = first;
        int slots = Math.min(threads.workers() == 0 ? 1 : ahead, order.batches() - first);
        for (int i = 0; i < slots; i++) {
            Slot slot = new Slot(source.newBuffer(Math.min(order.batchSize(), source.size())));
            ring.add(slot);
            slot.order(first + i);
        }
        for (int i = first; i < done && hasNext(); i++) {
            advance();
        }
    }

    /** A buffer and the task that fills it. */
    private final class Slot {
        private final BatchSource.Buffer buffer;
        private FutureTask<?> filling = DONE;

        Slot(BatchSource.Buffer buffer) {
            this.buffer = buffer;
        }

        /**
         * Has a batch filled: in the background if something has to be read, which would cost more than it saves if not.
         * Without workers nothing happens before somebody waits for it.
         */
        void order(int batch) {
            int[] samples = order.batch(batch);
            if (threads.workers() > 0 && buffer.fillFromMemory(samples)) {
                filling = DONE;
                return;
            }
            filling = new FutureTask<>(() -> buffer.fill(samples, epoch, () -> closed), null);
            if (threads.workers() > 0) {
                threads.submit(filling);
            }
        }

        BatchSource.Buffer await(int batch) {
            threads.checkOpen();
            if (threads.workers() == 0) {
                filling.run(); // the first time only
            }
            try {
                filling.get();
                return buffer;
            } catch (ExecutionException e) {
                threads.checkOpen(); // closing interrupts what is being read
                if (!Thread.currentThread().isInterrupted()) {
                    advance(); // who goes on in spite of the error gets the next batch, not the same error for ever
                }
                throw Faults.badBatch(epoch, batch, e.getCause() == null ? e : e.getCause());
            } catch (CancellationException e) {
                throw LoaderThreads.closed();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Faults.interrupted(epoch, batch, e);
            }
        }
    }

    /** Waits only where samples may be skipped, since a batch may then turn out to be empty. */
    @Override
    public boolean hasNext() {
        while (!closed && next < order.batches()) {
            if (!source.maySkip() || slot().await(next).count() > 0) {
                return true;
            }
            advance();
        }
        return false;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch has no more batches");
        }
        BatchSource.Buffer filled = slot().await(next);
        try {
            return filled.collate();
        } finally {
            advance();
        }
    }

    private Slot slot() {
        return ring.get((next - first) % ring.size());
    }

    private void advance() {
        int later = next + ring.size();
        if (later < order.batches()) {
            slot().order(later);
        }
        next++;
    }

    @Override
    public void close() {
        closed = true;
        for (Slot slot : ring) {
            slot.filling.cancel(false);
        }
    }
}
