package io.miniai.data;

import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a loader: daemons that come with the first task, go when idle, and are gone after closing. */
final class LoaderThreads implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int IDLE_SECONDS = 10;

    private final int workers;
    private final ThreadPoolExecutor executor;

    /** @param workers number of threads; with 0 there is nobody to {@link #submit} to */
    LoaderThreads(int workers) {
        this.workers = workers;
        int threads = Math.max(1, workers);
        executor = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "miniai-loader-" + NUMBER.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    int workers() {
        return workers;
    }

    /** @throws IllegalStateException after closing */
    void submit(FutureTask<?> task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            throw closed();
        }
    }

    void checkOpen() {
        if (executor.isShutdown()) {
            throw closed();
        }
    }

    static IllegalStateException closed() {
        return new IllegalStateException("The data loader is closed. Keep it open while its batches are used,"
                + " for example by calling fit inside its try block.");
    }

    @Override
    public void close() {
        // Whoever waits for a task that will not run any more must learn of it.
        executor.shutdownNow().forEach(task -> ((FutureTask<?>) task).cancel(false));
        try {
            executor.awaitTermination(IDLE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
