package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.nd4j.linalg.api.buffer.DataType;

/** The pool is the process's: nothing else may allocate while these tests count. */
@Isolated
class MemoryPoolTest {
    private static final int MEGABYTE_OF_FLOATS = 1 << 18;

    @AfterEach
    void unbounded() {
        MemoryPool.limit(Long.MAX_VALUE);
    }

    private static long lent() {
        return MemoryPool.statistics()[0];
    }

    private static long free() {
        return MemoryPool.statistics()[2];
    }

    private static long allocations() {
        return MemoryPool.statistics()[3];
    }

    private static Array allocateIn(Scope scope, int length) {
        Scope before = scope.enter();
        try {
            return Array.allocate(DataType.FLOAT, length);
        } finally {
            Scope.leave(before);
        }
    }

    /** The garbage collector reports when it likes: asks again until it has, or ten seconds are over. */
    private static void awaitLent(long expected) throws InterruptedException {
        for (int i = 0; i < 200 && lent() > expected; i++) {
            System.gc();
            Thread.sleep(50);
        }
        assertThat(lent()).isEqualTo(expected);
    }

    @Test
    void memory_begins_where_a_line_of_the_cache_does() {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE, DataType.INT64)) {
            for (int length : new int[] {1, 100, 5_000, MEGABYTE_OF_FLOATS}) {
                Array array = Array.allocate(type, length);
                assertThat(array.storage().block().address() % Block.LINE)
                        .as("%s of %s", length, type)
                        .isZero();
            }
        }
    }

    @Test
    void the_next_step_gets_the_memory_of_the_one_before() {
        Scope scope = new Scope();
        Block first = allocateIn(scope, 1000).storage().block();
        scope.release();
        long allocated = allocations();

        Block second = allocateIn(scope, 1000).storage().block();

        assertThat(second).isSameAs(first);
        assertThat(allocations()).isEqualTo(allocated);
        scope.release();
    }

    @Test
    void a_slightly_smaller_array_gets_the_same_memory() {
        Scope scope = new Scope();
        Block first = allocateIn(scope, 1000).storage().block();
        scope.release();

        assertThat(allocateIn(scope, 990).storage().block()).isSameAs(first);
        scope.release();
    }

    @Test
    void memory_of_another_type_is_another_block() {
        Scope scope = new Scope();
        Block floats = allocateIn(scope, 1000).storage().block();
        scope.release();
        Scope before = scope.enter();

        Block doubles = Array.allocate(DataType.DOUBLE, 1000).storage().block();

        Scope.leave(before);
        assertThat(doubles).isNotSameAs(floats);
        assertThat(doubles.type()).isEqualTo(DataType.DOUBLE);
        scope.release();
    }

    @Test
    void wastes_at_most_a_quarter() {
        Scope scope = new Scope();
        for (int length : new int[] {1, 64, 65, 257, 1000, 1025, 12_544, 50_177, 1_000_001}) {
            long capacity = allocateIn(scope, length).storage().block().capacity();

            assertThat(capacity).isBetween((long) length, Math.max(64, Math.max(length + 64, length * 5L / 4)));
        }
        scope.release();
    }

    @Test
    void counts_what_is_lent_and_what_waits() {
        Scope scope = new Scope();
        long lentBefore = lent();

        allocateIn(scope, MEGABYTE_OF_FLOATS);
        assertThat(lent() - lentBefore).isEqualTo(1 << 20);
        long freeBefore = free();
        scope.release();

        assertThat(lent()).isEqualTo(lentBefore);
        assertThat(free() - freeBefore).isEqualTo(1 << 20);
        assertThat(MemoryPool.statistics()[1]).isGreaterThanOrEqualTo(lentBefore + (1 << 20));
    }

    @Test
    void throws_when_used_after_release() {
        Scope scope = new Scope();
        Array a = allocateIn(scope, 10);
        a.nd();
        scope.release();

        assertThat(a.storage().isReleased()).isTrue();
        for (Callable<?> use : List.<Callable<?>>of(a::nd, a::flat, a.storage()::block, a.reshaped(2, 5)::nd)) {
            assertThatThrownBy(use::call)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("This tensor was made inside a training step that has ended, and its memory is in use"
                            + " again. Expected: a tensor of the running step, or one that was kept. Fix: call keep()"
                            + " on it inside the step, or read its values there (toFloatArray(), item()).");
        }
    }

    @Test
    void throws_when_kept_after_release() {
        Scope scope = new Scope();
        Array a = allocateIn(scope, 10);
        scope.release();

        assertThatIllegalStateException()
                .isThrownBy(a.storage()::keep)
                .withMessageContaining("call keep() on it inside");
    }

    @Test
    void what_is_kept_outlives_its_step_and_is_not_overwritten() {
        Kernels kernels = new PortableKernels();
        Scope scope = new Scope();
        Array kept = allocateIn(scope, 1000);
        kernels.fill(kept, 7);
        kept.storage().keep();
        kept.storage().keep();
        scope.release();

        Array next = allocateIn(scope, 1000);
        kernels.fill(next, 1);

        assertThat(kernels.downloadFloats(kept)).containsOnly(7);
        scope.release();
        assertThat(kept.storage().isReleased()).isFalse();
    }

    @Test
    void what_was_kept_comes_back_when_nobody_holds_it() throws InterruptedException {
        awaitQuiet();
        long before = lent();
        Scope scope = new Scope();
        allocateIn(scope, MEGABYTE_OF_FLOATS).storage().keep();
        scope.release();

        awaitLent(before);
    }

    @Test
    void what_was_made_outside_a_step_comes_back_when_nobody_holds_it() throws InterruptedException {
        awaitQuiet();
        long before = lent();
        Array held = Array.allocate(DataType.FLOAT, MEGABYTE_OF_FLOATS);
        for (int i = 0; i < 10; i++) {
            Array.allocate(DataType.FLOAT, MEGABYTE_OF_FLOATS);
        }

        awaitLent(before + held.storage().block().bytes());
        assertThat(held.length()).isEqualTo(MEGABYTE_OF_FLOATS);
    }

    @Test
    void a_reshaped_array_holds_the_memory_it_shares() throws InterruptedException {
        awaitQuiet();
        long before = lent();
        Array view = Array.allocate(DataType.FLOAT, MEGABYTE_OF_FLOATS).reshaped(1 << 9, 1 << 9);

        awaitLent(before + (1 << 20));
        assertThat(view.nd().length()).isEqualTo(MEGABYTE_OF_FLOATS);
    }

    @Test
    void a_step_that_was_dropped_instead_of_released_comes_back_too() throws InterruptedException {
        awaitQuiet();
        long before = lent();
        dropAStep();

        awaitLent(before);
    }

    private static void dropAStep() {
        Scope scope = new Scope();
        for (int i = 0; i < 5; i++) {
            allocateIn(scope, MEGABYTE_OF_FLOATS);
        }
    }

    @Test
    void a_dropped_step_gives_nothing_back_while_one_of_its_arrays_is_held() throws InterruptedException {
        MemoryPool.trim();
        Kernels kernels = new PortableKernels();
        Array held = allocateIn(new Scope(), MEGABYTE_OF_FLOATS);
        kernels.fill(held, 3);

        overwriteWhatWaits(kernels);

        assertThat(kernels.downloadFloats(held)).containsOnly(3);
    }

    @Test
    void a_dropped_step_does_not_give_back_what_was_kept() throws InterruptedException {
        MemoryPool.trim();
        Kernels kernels = new PortableKernels();
        Array kept = keptOfDroppedStep(kernels);

        overwriteWhatWaits(kernels);

        assertThat(kernels.downloadFloats(kept)).containsOnly(3);
    }

    private static void overwriteWhatWaits(Kernels kernels) throws InterruptedException {
        List<Array> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(20);
            while (free() >= 1 << 20 && held.size() < 50) {
                Array a = Array.allocate(DataType.FLOAT, MEGABYTE_OF_FLOATS);
                kernels.fill(a, 9);
                held.add(a);
            }
        }
    }

    private static Array keptOfDroppedStep(Kernels kernels) {
        Scope scope = new Scope();
        allocateIn(scope, MEGABYTE_OF_FLOATS);
        Array kept = allocateIn(scope, MEGABYTE_OF_FLOATS);
        kernels.fill(kept, 3);
        kept.storage().keep();
        return kept;
    }

    /** Lets the garbage of other tests come back first. */
    private static void awaitQuiet() throws InterruptedException {
        long last = -1;
        for (int i = 0; i < 20 && last != lent(); i++) {
            last = lent();
            System.gc();
            Thread.sleep(100);
        }
    }

    @Test
    void steps_inside_steps_release_only_their_own() {
        Scope outer = new Scope();
        Scope inner = new Scope();
        @Nullable Scope none = outer.enter();
        Array a = Array.allocate(DataType.FLOAT, 10);
        Scope before = inner.enter();
        Array b = Array.allocate(DataType.FLOAT, 10);
        Scope.leave(before);
        Array c = Array.allocate(DataType.FLOAT, 10);

        inner.release();
        assertThat(List.of(a, b, c)).extracting(x -> x.storage().isReleased()).containsExactly(false, true, false);
        Scope.leave(none);
        outer.release();
        assertThat(List.of(a, c)).extracting(x -> x.storage().isReleased()).containsExactly(true, true);
    }

    @Test
    void what_is_made_while_a_step_is_suspended_is_not_part_of_it() {
        Scope scope = new Scope();
        Scope none = scope.enter();
        Scope suspended = Scope.suspend();
        Array outside = Array.allocate(DataType.FLOAT, 10);
        Scope.leave(suspended);
        Array inside = Array.allocate(DataType.FLOAT, 10);
        Scope.leave(none);

        scope.release();
        scope.release();

        assertThat(outside.storage().isReleased()).isFalse();
        assertThat(inside.storage().isReleased()).isTrue();
    }

    @Test
    void throws_when_more_than_the_limit_is_asked_for() throws InterruptedException {
        awaitQuiet();
        Scope scope = new Scope();
        allocateIn(scope, MEGABYTE_OF_FLOATS);
        MemoryPool.limit(lent() + 1_000_000);

        assertThatIllegalStateException()
                .isThrownBy(() -> allocateIn(scope, MEGABYTE_OF_FLOATS))
                .withMessageMatching("Native memory is at its limit\\. Expected: at most [0-9,]+ bytes"
                        + " \\(miniai\\.memory\\.limit\\); got: [0-9,]+ in use and 1,048,576 more asked for\\. Fix: a smaller"
                        + " batch, let go of tensors that are kept, or raise the limit\\.");
        scope.release();
    }

    @Test
    void collects_what_nobody_holds_before_it_gives_up_at_the_limit() {
        long before = lent();
        MemoryPool.limit(before + (8L << 20));

        for (int i = 0; i < 40; i++) {
            Array.allocate(DataType.FLOAT, MEGABYTE_OF_FLOATS + i * 7_000);
        }

        assertThat(lent()).isLessThanOrEqualTo(before + (8L << 20));
    }

    @Test
    void frees_what_waits_before_it_gives_up_at_the_limit() {
        Scope scope = new Scope();
        MemoryPool.trim();
        MemoryPool.limit(lent() + (6L << 20));
        allocateIn(scope, 4 * MEGABYTE_OF_FLOATS);
        scope.release();

        assertThat(allocateIn(scope, 5 * MEGABYTE_OF_FLOATS).length()).isEqualTo(5 * MEGABYTE_OF_FLOATS);
        scope.release();
    }

    @Test
    void trims_what_waits_and_goes_on() {
        Scope scope = new Scope();
        allocateIn(scope, 1000).flat();
        scope.release();

        MemoryPool.trim();

        assertThat(free()).isZero();
        Array a = allocateIn(scope, 1000);
        new PortableKernels().fill(a, 2);
        assertThat(new PortableKernels().downloadFloats(a)).containsOnly(2);
        scope.release();
    }

    @Test
    void threads_never_get_the_same_memory() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int value = t;
                results.add(threads.submit(() -> keepsItsValues(value)));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static boolean keepsItsValues(int value) {
        Kernels kernels = new PortableKernels();
        Scope scope = new Scope();
        for (int round = 0; round < 100; round++) {
            Array a = allocateIn(scope, 500 + round);
            Array b = allocateIn(scope, 500 + round);
            kernels.fill(a, value);
            kernels.fill(b, value + 0.5);
            kernels.axpy(1, a, b);
            float[] sums = kernels.downloadFloats(b);
            float[] expected = new float[sums.length];
            Arrays.fill(expected, 2 * value + 0.5f);
            if (!Arrays.equals(sums, expected)) {
                return false;
            }
            scope.release();
        }
        return true;
    }
}
