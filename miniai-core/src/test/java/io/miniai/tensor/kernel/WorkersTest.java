package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
    private static final int PARTS = 8;

    private Workers workers = new Workers(2);

    @AfterEach
    void stop() {
        workers.stop();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void every_item_is_run_once_in_ranges_that_depend_on_nothing_but_their_number(int threads) {
        workers.stop();
        workers = new Workers(threads);
        for (int n : new int[] {1, 7, 64, 1001}) {
            for (int round = 0; round < 200; round++) {
                int parts = workers.smallParts(n, 1);
                AtomicIntegerArray runs = new AtomicIntegerArray(n);
                int[] starts = new int[parts];
                workers.runParts(n, parts, (part, from, end) -> {
                    starts[part] = from;
                    for (int i = from; i < end; i++) {
                        runs.incrementAndGet(i);
                    }
                });
                for (int i = 0; i < n; i++) {
                    assertThat(runs.get(i)).isEqualTo(1);
                }
                int[] expected = new int[parts];
                Arrays.setAll(expected, p -> n * p / parts);
                assertThat(starts).isEqualTo(expected);
            }
        }
    }

    @Test
    void a_thread_that_is_done_takes_what_a_slow_one_has_not_begun() {
        Thread caller = Thread.currentThread();
        for (int round = 0; round < 100; round++) {
            CountDownLatch byCaller = new CountDownLatch(PARTS - 1);
            workers.runParts(PARTS, PARTS, (part, from, end) -> {
                if (Thread.currentThread() == caller) {
                    byCaller.countDown();
                } else {
                    assertThat(awaits(byCaller)).as("the caller works").isTrue();
                }
            });
        }
    }

    @Test
    void a_failure_reaches_the_caller_and_the_threads_go_on() {
        for (int failing = 0; failing < PARTS; failing++) {
            RuntimeException failure = new IllegalStateException("part " + failing);
            int bad = failing;
            assertThatThrownBy(() -> workers.runParts(PARTS, PARTS, (part, from, end) -> {
                        if (part == bad) {
                            throw failure;
                        }
                    }))
                    .isSameAs(failure);
        }
        AtomicIntegerArray runs = new AtomicIntegerArray(1);
        workers.runParts(PARTS, PARTS, (part, from, end) -> runs.incrementAndGet(0));
        assertThat(runs.get(0)).isEqualTo(PARTS);
    }

    @Test
    void work_that_is_given_within_other_work_is_done() {
        AtomicIntegerArray runs = new AtomicIntegerArray(1);
        workers.runParts(
                PARTS,
                PARTS,
                (part, from, end) -> workers.runParts(PARTS, PARTS, (p, f, e) -> runs.incrementAndGet(0)));
        assertThat(runs.get(0)).isEqualTo(PARTS * PARTS);
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
