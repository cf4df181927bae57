package io.miniai.tensor.kernel;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the process that share the work of one kernel: the caller and {@code threads − 1} daemons.
 *
 * <p>Work is cut into contiguous ranges that depend on the number of threads only, so that sums come out the same
 * every time. Who computes a range depends on who is free: a thread that is done takes what others have not begun, so
 * that a core that is slow, or busy with something else, holds up nobody for long. A worker spins for some tens of
 * microseconds after its last task, because the next kernel follows at once, and then parks; where there are more
 * threads than cores it parks at once, because its spinning would hold up one that has work. While one caller uses the
 * workers another runs its parts by itself.
 */
final class Workers {
    /** One part of a piece of work: {@code from} to {@code to}, exclusive. */
    interface Range {
        void run(int part, int from, int to);
    }

    /** For each thread, where a piece of work is cut into small parts. */
    private static final int SMALL_PARTS = 4;

    private static final int SPINS_WITH_A_CORE_EACH = 2_000;

    private static volatile Workers shared = new Workers(Settings.threads());

    private final Worker[] workers;
    private final Job job;
    private final ReentrantLock lock = new ReentrantLock();

    Workers(int threads) {
        int spins = threads > Runtime.getRuntime().availableProcessors() ? 0 : SPINS_WITH_A_CORE_EACH;
        job = new Job(threads);
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1, spins);
            workers[i].start();
        }
    }

    static Workers shared() {
        return shared;
    }

    /** Uses another number of threads from now on. */
    static synchronized void threads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "Expected at least 1 kernel thread (miniai.threads); got " + threads + ".");
        }
        if (threads != shared.threads()) {
            Workers old = shared;
            shared = new Workers(threads);
            old.stop();
        }
    }

    int threads() {
        return workers.length + 1;
    }

    /** How many parts {@link #run} makes of {@code n} items when a part shall have at least {@code grain}. */
    int parts(int n, int grain) {
        return parts(n, grain, threads());
    }

    /** The same, but several for each thread: for parts that cost nothing to begin, so that no thread waits long. */
    int smallParts(int n, int grain) {
        return parts(n, grain, threads() == 1 ? 1 : SMALL_PARTS * threads());
    }

    private static int parts(int n, int grain, int most) {
        return Math.max(1, Math.min(most, n / Math.max(1, grain)));
    }

    /** Runs the ranges of {@code n} items on the threads and returns when all have ended. */
    void run(int n, int grain, Range body) {
        runParts(n, parts(n, grain), body);
    }

    /**
     * The same, cut into this many ranges. Whoever keeps something for each part asks for their number once: the number
     * of threads may change between one call and the next.
     */
    void runParts(int n, int parts, Range body) {
        if (parts == 1) {
            body.run(0, 0, n);
        } else if (lock.isHeldByCurrentThread() || !lock.tryLock()) {
            for (int p = 0; p < parts; p++) {
                body.run(p, start(n, parts, p), start(n, parts, p + 1));
            }
        } else {
            try {
                runTogether(n, parts, body);
            } finally {
                lock.unlock();
            }
        }
    }

    private void runTogether(int n, int parts, Range body) {
        int sharing = Math.min(parts, threads());
        job.start(n, parts, sharing, body);
        for (int t = 1; t < sharing; t++) {
            workers[t - 1].offer(job);
        }
        job.work(0);
        for (int t = 1; t < sharing; t++) {
            workers[t - 1].await();
        }
        Throwable failure = job.end();
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Where a part begins. */
    static int start(int n, int parts, int part) {
        return (int) ((long) n * part / parts);
    }

    void stop() {
        for (Worker w : workers) {
            w.stopped = true;
            LockSupport.unpark(w);
        }
    }

    /**
     * Ranges, of which each thread first takes its own, which lie next to each other, then those that others have not
     * begun. There is one job, used again and again, as only one caller at a time has the threads.
     */
    private static final class Job {
        private final AtomicIntegerArray next;
        private int n;
        private int parts;
        private int threads;
        private @Nullable Range body;
        private volatile @Nullable Throwable failure;

        Job(int mostThreads) {
            next = new AtomicIntegerArray(mostThreads);
        }

        /** Before the first thread works; what is set here is published by the offer. */
        void start(int items, int ranges, int sharing, Range range) {
            n = items;
            parts = ranges;
            threads = sharing;
            body = range;
            for (int t = 0; t < sharing; t++) {
                next.set(t, Workers.start(ranges, sharing, t));
            }
        }

        void work(int thread) {
            Range range = Objects.requireNonNull(body);
            try {
                for (int i = 0; i < threads; i++) {
                    int owner = (thread + i) % threads;
                    int end = Workers.start(parts, threads, owner + 1);
                    for (int p = next.getAndIncrement(owner); p < end; p = next.getAndIncrement(owner)) {
                        range.run(p, Workers.start(n, parts, p), Workers.start(n, parts, p + 1));
                    }
                }
            } catch (Throwable e) {
                failure = e;
            }
        }

        /** After the last thread has worked. @return what one of them threw */
        @Nullable
        Throwable end() {
            Throwable thrown = failure;
            failure = null;
            body = null;
            return thrown;
        }
    }

    private static final class Worker extends Thread {
        private final int number;
        private final int spins;
        private final AtomicReference<@Nullable Job> offered = new AtomicReference<>();
        private volatile boolean working;
        private volatile boolean parked;
        private volatile @Nullable Thread caller;
        private volatile boolean stopped;

        Worker(int number, int spins) {
            super("miniai-kernel-" + number);
            this.number = number;
            this.spins = spins;
            setDaemon(true);
            setContextClassLoader(null); // it outlives the application that happened to be the first to compute
        }

        void offer(Job job) {
            offered.set(job);
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        /** Returns when the worker has ended its share of the job, or has not begun: then nothing was left for it. */
        void await() {
            if (offered.getAndSet(null) != null) {
                return;
            }
            for (int i = 0; i < spins && working; i++) {
                Thread.onSpinWait();
            }
            if (working) {
                caller = Thread.currentThread();
                while (working) {
                    LockSupport.park(this);
                }
                caller = null;
            }
        }

        @Override
        public void run() {
            while (!stopped) {
                waitForJob();
                working = true;
                Job job = offered.getAndSet(null);
                if (job != null) {
                    job.work(number);
                }
                working = false;
                LockSupport.unpark(caller);
            }
        }

        private void waitForJob() {
            for (int i = 0; i < spins; i++) {
                if (offered.get() != null) {
                    return;
                }
                Thread.onSpinWait();
            }
            parked = true;
            while (offered.get() == null && !stopped) {
                LockSupport.park(this);
            }
            parked = false;
        }
    }
}
