package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

@Isolated
class KernelLifetimeTest {
    private static final int LENGTH = 1 << 18;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(8);

    static List<Kernels> kernels() {
        return List.of(new PortableKernels(), new CpuKernels());
    }

    /** While the collector runs again and again, other threads must not get the memory of an argument in use. */
    @ParameterizedTest
    @MethodSource("kernels")
    void arrays_nobody_mentions_any_more_are_safe_while_a_kernel_reads_them(Kernels kernels) throws Exception {
        long end = System.nanoTime() + NANOS;
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<?> collector = threads.submit(() -> {
                while (System.nanoTime() < end) {
                    System.gc();
                    // Without a pause the kernels hardly get to run, and nothing can go wrong.
                    LockSupport.parkNanos(2_000_000);
                }
            });
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int t = 1; t <= 2; t++) {
                int value = t;
                wrong.add(threads.submit(() -> wrongResults(kernels, value, end)));
            }
            for (Future<Integer> count : wrong) {
                assertThat(count.get()).isZero();
            }
            collector.get();
        } finally {
            threads.shutdown();
        }
    }

    private static int wrongResults(Kernels kernels, int value, long end) {
        int wrong = 0;
        while (System.nanoTime() < end) {
            Array out = Array.allocate(DataType.FLOAT, LENGTH);
            kernels.unary(Unary.NEG, filled(kernels, value), out);
            for (float v : kernels.downloadFloats(out)) {
                if (v != -value) {
                    wrong++;
                    break;
                }
            }
        }
        return wrong;
    }

    private static Array filled(Kernels kernels, int value) {
        return filled(kernels, value, LENGTH);
    }

    private static Array filled(Kernels kernels, int value, int... shape) {
        Array a = Array.allocate(DataType.FLOAT, shape);
        kernels.fill(a, value);
        return a;
    }

    /** All numbers are integers that a float holds, so the order of the sums does not count. */
    @ParameterizedTest
    @ValueSource(ints = {4, 32})
    void sums_are_right_while_the_number_of_threads_changes(int channels) throws Exception {
        Kernels kernels = new CpuKernels();
        Geometry g = Windows.of(new int[] {128, channels, 14, 14}, 3, 3, 2, 2, 1, 1, 1, 1);
        Array x = filled(kernels, 1, g.n(), g.c(), g.h(), g.w());
        Array weight = filled(kernels, 1, channels, g.c(), 3, 3);
        Array dy = filled(kernels, 1, g.n(), channels, g.outH(), g.outW());
        Array dWeight = Array.allocate(DataType.FLOAT, channels, g.c(), 3, 3);
        int threads = CpuKernels.threads();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            CpuKernels.threads(1);
            kernels.conv2dGrad(x, weight, g, null, dy, null, dWeight, null);
            float[] expected = kernels.downloadFloats(dWeight);
            Future<?> changes = other.submit(() -> {
                for (int i = 0; !done.get(); i++) {
                    CpuKernels.threads(1 + i % 8);
                    LockSupport.parkNanos(20_000);
                }
            });
            for (int i = 0; i < 300; i++) {
                kernels.conv2dGrad(x, weight, g, null, dy, null, dWeight, null);
                assertThat(kernels.downloadFloats(dWeight)).isEqualTo(expected);
            }
            done.set(true);
            changes.get();
        } finally {
            done.set(true);
            other.shutdown();
            CpuKernels.threads(threads);
        }
    }

    @Test
    void throws_when_there_is_no_thread_to_work() {
        assertThatThrownBy(() -> Workers.threads(0))
                .hasMessage("Expected at least 1 kernel thread (miniai.threads); got 0.");
    }
}
