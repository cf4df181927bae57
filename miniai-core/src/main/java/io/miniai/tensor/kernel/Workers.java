package io.miniai.tensor.kernel;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the process that share the work of one kernel: the caller and {@code threads − 1} daemons.
 *
 * <p>Work is cut into contiguous ranges that depend on the number of threads only, never on who is free,
 * so that sums come out the same every time. A worker spins for some microseconds after its last task,
 * because the next kernel follows at once, and then parks; where there are more threads than cores it parks
 * at once, because its spinning would hold up one that has work. While one caller uses the workers another
 * runs its parts by itself.
 */
final class Workers {
    /** One part of a piece of work: {@code from} to {@code to}, exclusive. */
    interface Range {
        void run(int part, int from, int to);
    }

    private static final int SPINS_WITH_A_CORE_EACH = 4_000;

    private static volatile Workers shared = new Workers(configuredThreads());

    private final Worker[] workers;
    private final ReentrantLock lock = new ReentrantLock();

    private Workers(int threads) {
        int spins = threads > Runtime.getRuntime().availableProcessors() ? 0 : SPINS_WITH_A_CORE_EACH;
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

    private static int configuredThreads() {
        int configured = Integer.getInteger("miniai.threads", 0);
        return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
    }

    int threads() {
        return workers.length + 1;
    }

    /** How many parts {@link #run} makes of {@code n} items when a part shall have at least {@code grain}. */
    int parts(int n, int grain) {
        return Math.max(1, Math.min(threads(), n / Math.max(1, grain)));
    }

    /** Runs the ranges of {@code n} items on the threads and returns when all have ended. */
    void run(int n, int grain, Range body) {
        int parts = parts(n, grain);
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
        for (int p = 1; p < parts; p++) {
            workers[p - 1].submit(body, start(n, parts, p), start(n, parts, p + 1));
        }
        Throwable failure = null;
        try {
            body.run(0, 0, start(n, parts, 1));
        } catch (Throwable e) {
            failure = e;
        }
        for (int p = 1; p < parts; p++) {
            Throwable e = workers[p - 1].await();
            failure = failure == null ? e : failure;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    private static int start(int n, int parts, int part) {
        return (int) ((long) n * part / parts);
    }

    private void stop() {
        for (Worker w : workers) {
            w.stopped = true;
            LockSupport.unpark(w);
        }
    }

    private static final class Worker extends Thread {
        private final int part;
        private final int spins;
        private int from;
        private int to;
        private volatile @Nullable Range task;
        private volatile boolean parked;
        private volatile @Nullable Thread caller;
        private volatile boolean stopped;
        private @Nullable Throwable failure;

        Worker(int part, int spins) {
            super("miniai-kernel-" + part);
            this.part = part;
            this.spins = spins;
            setDaemon(true);
        }

        void submit(Range body, int first, int end) {
            from = first;
            to = end;
            task = body;
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Nullable
        Throwable await() {
            for (int i = 0; i < spins && task != null; i++) {
                Thread.onSpinWait();
            }
            if (task != null) {
                caller = Thread.currentThread();
                while (task != null) {
                    LockSupport.park(this);
                }
                caller = null;
            }
            Throwable f = failure;
            failure = null;
            return f;
        }

        @Override
        public void run() {
            while (!stopped) {
                Range t = next();
                if (t != null) {
                    try {
                        t.run(part, from, to);
                    } catch (Throwable e) {
                        failure = e;
                    }
                    task = null;
                    LockSupport.unpark(caller);
                }
            }
        }

        private @Nullable Range next() {
            for (int i = 0; i < spins; i++) {
                Range t = task;
                if (t != null) {
                    return t;
                }
                Thread.onSpinWait();
            }
            parked = true;
            while (task == null && !stopped) {
                LockSupport.park(this);
            }
            parked = false;
            return task;
        }
    }
}
