package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.fault.DataException;
import io.miniai.learn.Batch;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads of a loader: how many, how far ahead, and that none stays. */
@Timeout(60)
class LoaderThreadsTest {
    private final CountDownLatch never = new CountDownLatch(1);

    private void block() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static DataLoaderBuilder loader(CountedImages images) {
        return DataLoader.of(images).batchSize(1).cache(0);
    }

    @Test
    void reads_on_the_own_thread_and_only_when_asked_without_workers() {
        CountedImages images = new CountedImages(10);
        try (DataLoader loader = loader(images).workers(0).build()) {
            Iterator<Batch> batches = loader.iterator();
            assertThat(images.reads).hasValue(0);
            batches.next();
            assertThat(images.reads).hasValue(1);
            assertThat(images.threads).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void reads_ahead_no_further_than_asked_for() {
        CountedImages images = new CountedImages(1000);
        DataLoader loader = loader(images).workers(2).prefetch(3).build();
        Iterator<Batch> batches = loader.iterator();
        for (int i = 0; i < 5; i++) {
            batches.next();
        }
        loader.close();
        assertThat(images.reads.get()).isBetween(5, 8);
    }

    @Test
    void uses_as_many_threads_as_workers_and_all_of_them_are_daemons() throws InterruptedException {
        CountDownLatch together = new CountDownLatch(3);
        IntConsumer meet = index -> {
            together.countDown();
            try {
                together.await(); // only three threads at once get past here
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        CountedImages images = new CountedImages(30, meet);
        try (DataLoader loader = loader(images).workers(3).build()) {
            loader.forEach(batch -> {});
        }
        assertThat(images.threads).hasSize(3).allMatch(Thread::isDaemon);
        assertThat(images.threads).allMatch(thread -> thread.getName().startsWith("miniai-loader-"));
    }

    @Test
    void leaves_no_thread_and_nothing_open_when_closed_in_the_middle() throws InterruptedException {
        CountedImages images = new CountedImages(1000);
        DataLoader loader = loader(images).workers(4).build();
        loader.iterator().next();
        loader.close();
        loader.close(); // twice is no error
        for (Thread thread : images.threads) {
            thread.join();
        }
        assertThat(images.open).hasValue(0);
    }

    @Test
    void closes_promptly_while_its_threads_wait_for_a_slow_disk() throws InterruptedException {
        CountedImages images = new CountedImages(10, index -> block());
        DataLoader loader = loader(images).workers(2).build();
        Iterator<Batch> begun = loader.iterator();
        while (images.threads.size() < 2) {
            Thread.onSpinWait();
        }
        loader.close();
        for (Thread thread : images.threads) {
            thread.join();
        }
        assertThat(images.open).hasValue(0);
        assertThatThrownBy(begun::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void drops_what_is_read_ahead_when_an_iteration_is_closed() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountedImages images = new CountedImages(100, index -> {
            started.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (DataLoader loader = DataLoader.of(images)
                .batchSize(10)
                .workers(1)
                .prefetch(5)
                .cache(0)
                .build()) {
            Iterator<Batch> batches = loader.iterator();
            started.await();
            ((AutoCloseable) batches).close();
            assertThat(batches.hasNext()).isFalse();
            go.countDown();
        }
        assertThat(images.reads.get()).isLessThanOrEqualTo(1); // of the ten of the batch that had begun
    }

    @Test
    void refuses_to_iterate_after_closing() {
        for (int workers = 0; workers < 2; workers++) {
            DataLoader loader =
                    loader(new CountedImages(10)).workers(workers).prefetch(1).build();
            Iterator<Batch> begun = loader.iterator();
            begun.next();
            loader.close();
            assertThatThrownBy(loader::iterator)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("The data loader is closed. Keep it open while its batches are used,"
                            + " for example by calling fit inside its try block.");
            assertThatThrownBy(() -> begun.forEachRemaining(batch -> {})).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void wakes_whoever_waits_for_a_batch_when_closed() throws InterruptedException {
        CountedImages images = new CountedImages(10, index -> block());
        DataLoader loader = loader(images).workers(1).build();
        Iterator<Batch> batches = loader.iterator();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                batches.next();
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        waiting.start();
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        loader.close();
        waiting.join();
        assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
    }

    @Test
    void ends_the_wait_when_the_training_thread_is_interrupted() {
        try (DataLoader loader =
                loader(new CountedImages(10, index -> block())).workers(1).build()) {
            Iterator<Batch> batches = loader.iterator();
            Thread.currentThread().interrupt();
            assertThatThrownBy(batches::next)
                    .isInstanceOf(DataException.class)
                    .hasMessage("epoch 1, batch 1: the thread was interrupted while waiting for it.");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void goes_on_with_the_same_data_after_another_loader_was_closed_in_the_middle() {
        CountedImages images = new CountedImages(50);
        DataLoader one = loader(images).workers(2).build();
        one.iterator().next();
        one.close();
        try (DataLoader two = loader(images).workers(2).build()) {
            int[] count = {0};
            two.forEach(batch -> count[0] += batch.size());
            assertThat(count[0]).isEqualTo(50);
        }
    }
}
