package io.miniai.data;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.miniai.callback.GradientClipCB;
import io.miniai.callback.MetricsCB;
import io.miniai.callback.NaNGuardCB;
import io.miniai.data.image.PngFiles;
import io.miniai.learn.Learner;
import io.miniai.learn.TrainValid;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Flatten;
import io.miniai.nn.Losses;
import io.miniai.nn.Module;
import io.miniai.nn.Sequential;
import io.miniai.optim.AdamW;
import io.miniai.tensor.MemoryStats;
import io.miniai.testing.Soak;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trains again and again, and looks whether anything grows. */
class SoakTest {
    private static final int PER_FIT = 40;
    private static final int BATCH = 16;

    @TempDir
    Path dir;

    /** What a process holds after the garbage collector has run. */
    record Held(long nativeInUse, long nativeAll, long allocations, long heap, long threads, long files) {
        static Held now() throws InterruptedException {
            for (int i = 0; i < 3; i++) {
                System.gc();
                Thread.sleep(20); // the collector reports what it found a little later
            }
            MemoryStats m = MemoryStats.now();
            Runtime r = Runtime.getRuntime();
            long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                    ? os.getOpenFileDescriptorCount()
                    : 0;
            return new Held(
                    m.inUse(),
                    m.inUse() + m.waiting(),
                    m.allocations(),
                    r.totalMemory() - r.freeMemory(),
                    Thread.getAllStackTraces().size(),
                    files);
        }
    }

    @Test
    void a_few_fits_leave_nothing_behind() throws Exception {
        run(12);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void five_hundred_fits_of_twenty_thousand_steps_leave_nothing_behind() throws Exception {
        run(Soak.scaled(500, 12));
    }

    /** Each fit with loaders of its own; the model goes on through all. */
    private void run(int fits) throws Exception {
        for (int i = 0; i < BATCH * PER_FIT; i++) {
            Path folder = Files.createDirectories(dir.resolve("train").resolve(String.valueOf(i % 10)));
            Files.write(folder.resolve(i + ".png"), PngFiles.grey28(i % 100));
        }
        Module cnn = Sequential.of(
                conv(1, 4), conv(4, 8), conv(8, 16), conv(16, 16), conv(16, 10, act(false)), new Flatten());
        DatasetDict data = PngFolder.open(dir);
        List<Held> held = new ArrayList<>();
        long steps = 0;
        for (int fit = 0; fit < fits; fit++) {
            try (DataLoader train = DataLoader.of(data.train())
                    .batchSize(BATCH)
                    .workers(fit % 3)
                    .shuffle(true)
                    .build()) {
                Learner learn = Learner.of(cnn, TrainValid.of(train))
                        .loss(Losses::crossEntropy)
                        .optimizer(AdamW::new)
                        .lr(1e-3)
                        .with(
                                new MetricsCB(new Accuracy()).printTo(line -> {}),
                                new NaNGuardCB(),
                                GradientClipCB.byNorm(1));
                learn.fit(1);
                steps += learn.iteration() + 1;
            }
            if (fit % Math.max(1, fits / 100) == 0) {
                held.add(Held.now());
            }
        }
        compare(fits, steps, held);
    }

    private static void compare(int fits, long steps, List<Held> held) {
        int tenth = Math.max(1, held.size() / 10);
        List<Held> first = held.subList(held.size() > 20 ? tenth / 2 : 2, (held.size() > 20 ? tenth / 2 : 2) + tenth);
        List<Held> last = held.subList(held.size() - tenth, held.size());
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT, "%d fits, %,d steps%n%-22s %14s %14s%n", fits, steps, "", "first tenth", "last tenth"));
        check(table, "native bytes in use", first, last, Held::nativeInUse, 64 << 10);
        check(table, "native bytes in all", first, last, Held::nativeAll, 1 << 20);
        check(table, "heap after GC", first, last, Held::heap, 4 << 20);
        check(table, "threads", first, last, Held::threads, 2);
        check(table, "open files", first, last, Held::files, 3);
        System.out.print(table);
    }

    /** The least of each tenth, because a reading may come before the collector has reported everything. */
    private static void check(
            StringBuilder table, String what, List<Held> first, List<Held> last, ToLongFunction<Held> f, long slack) {
        long before = first.stream().mapToLong(f).min().orElseThrow();
        long after = last.stream().mapToLong(f).min().orElseThrow();
        table.append(String.format(Locale.ROOT, "%-22s %,14d %,14d%n", what, before, after));
        assertThat(after).as("%s%n%s", what, table).isLessThanOrEqualTo(before + slack);
    }
}
