package io.miniai.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.data.ImageDataset;
import io.miniai.data.image.PngEncoder;
import io.miniai.tensor.MemoryStats;
import io.miniai.testing.Soak;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PredictorThreadsTest {
    private static final int THREADS = 16;
    private static final int IMAGES = 64;

    private final ImageDataset images = Cnn.images(IMAGES);
    private final Predictor predictor = Predictor.of(Cnn.make()).like(images).build();
    private final List<byte[]> pngs = new ArrayList<>();
    private final List<Prediction> expected = new ArrayList<>();
    private List<Prediction> expectedOfBatch = List.of();

    @Test
    void sixteen_threads_get_what_one_gets_bit_for_bit() throws Exception {
        run(5_000);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void a_hundred_thousand_predictions_are_all_right_and_memory_stays_flat() throws Exception {
        run(10_000); // until everything is compiled and every session made
        long[] before = memory();
        long[] nanos = run(Soak.scaled(100_000, 1_000));
        long[] after = memory();
        Arrays.sort(nanos);
        StringBuilder line = new StringBuilder("predictions=" + nanos.length + " threads=" + THREADS);
        for (double q : new double[] {0.5, 0.9, 0.99, 0.999, 1}) {
            line.append(" p%s=%.0fµs".formatted(q * 100, nanos[(int) Math.ceil(q * nanos.length) - 1] / 1e3));
        }
        System.out.println(line);
        System.out.printf(
                "native in use %,d -> %,d bytes, allocations %,d -> %,d, heap after GC %,d -> %,d bytes%n",
                before[0], after[0], before[1], after[1], before[2], after[2]);
        assertThat(after[0]).isLessThanOrEqualTo(before[0] + (1 << 20));
        assertThat(after[1] - before[1]).isLessThan(50);
        assertThat(after[2]).isLessThan(before[2] + (4 << 20));
    }

    private static long[] memory() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50); // the collector reports what it found a little later
        }
        MemoryStats s = MemoryStats.now();
        Runtime r = Runtime.getRuntime();
        return new long[] {s.inUse(), s.allocations(), r.totalMemory() - r.freeMemory()};
    }

    /** Predicts images one by one and now and then in a batch. @return how long each call took */
    private long[] run(int count) throws Exception {
        if (pngs.isEmpty()) {
            PngEncoder encoder = new PngEncoder(images.format());
            for (int i = 0; i < IMAGES; i++) {
                pngs.add(encoder.encode(images.get(i).pixels(), 0));
                expected.add(predictor.predict(pngs.get(i)));
            }
            expectedOfBatch = predictor.predictAll(pngs.subList(0, 7).toArray(byte[][]::new));
        }
        long[] nanos = new long[count];
        AtomicInteger next = new AtomicInteger();
        Callable<Integer> work = () -> {
            int wrong = 0;
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                long start = System.nanoTime();
                boolean right = i % 50 == 0
                        ? predictor
                                .predictAll(pngs.subList(0, 7).toArray(byte[][]::new))
                                .equals(expectedOfBatch)
                        : predictor.predict(pngs.get(i % IMAGES)).equals(expected.get(i % IMAGES));
                nanos[i] = System.nanoTime() - start;
                wrong += right ? 0 : 1;
            }
            return wrong;
        };
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Integer> f : threads.invokeAll(Collections.nCopies(THREADS, work))) {
                assertThat(f.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
        return nanos;
    }
}
