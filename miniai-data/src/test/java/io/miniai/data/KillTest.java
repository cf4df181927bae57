package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.file.Safetensors;
import io.miniai.tensor.Rng;
import io.miniai.testing.Soak;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a training process (SIGKILL) at random moments, of which most are in the middle of saving, since it saves after
 * every batch: every start goes on, the outcome is that of the training that was left alone, to the bit, every file can
 * be read at every time, and nothing is left over.
 */
class KillTest {
    @TempDir
    Path dir;

    private int kills;
    private int killsWhileSaving;
    private int trainings;
    private int filesRead;

    @Test
    void a_training_that_is_killed_three_times_ends_as_if_it_had_not_been() throws Exception {
        killUntil(3, 6);
        assertThat(trainings).isPositive();
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void a_hundred_kills_change_nothing() throws Exception {
        killUntil(Soak.scaled(100, 2), Soak.scaled(60, 6));
        System.out.printf(
                "kill test: %d kills, %d of them with a file half written; %d trainings ended with the weights of the"
                        + " one left alone; %d files read in between%n",
                kills, killsWhileSaving, trainings, filesRead);
    }

    /** Ends when a training ends by itself after so many kills. */
    private void killUntil(int wanted, int epochs) throws Exception {
        Process alone = start("alone", epochs, 1, 1);
        List<String> expected = outcome(alone, reader(alone));
        Rng rng = Rng.of(2026);
        int folder = 0;
        for (int run = 0; kills < wanted || trainings == 0; run++) {
            String name = "killed" + folder;
            Process process = start(name, epochs, run % 4, 100 + run);
            try (BufferedReader out = reader(process)) {
                if (kills < wanted && kill(process, out, rng)) {
                    kills++;
                    checkFiles(dir.resolve(name));
                } else {
                    assertThat(outcome(process, out)).isEqualTo(expected);
                    assertThat(files(dir.resolve(name))).hasSize(3).noneMatch(KillTest::isUnfinished);
                    trainings++;
                    folder++;
                }
            }
        }
    }

    private Process start(String folder, int epochs, int workers, long seed) throws IOException {
        Path outcome = dir.resolve("outcome.txt");
        Files.deleteIfExists(outcome);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        if (Runtime.version().feature() >= 24) {
            command.add(1, "--enable-native-access=ALL-UNNAMED");
            command.add(1, "--sun-misc-unsafe-memory-access=allow");
        }
        command.add(KilledTraining.class.getName());
        command.addAll(List.of(
                dir.resolve(folder).toString(),
                outcome.toString(),
                Integer.toString(epochs),
                Integer.toString(workers),
                Long.toString(seed)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(new File(dir.toFile(), "errors.txt"));
        builder.environment().put("MINIAI_DEVICE", "cpu");
        return builder.start();
    }

    /** Waits for some batches, and for some time more. @return false when it ended before */
    private static boolean kill(Process process, BufferedReader out, Rng rng) throws Exception {
        for (int batches = rng.nextInt(40); batches > 0; batches--) {
            if (out.readLine() == null) {
                return false;
            }
        }
        Thread.sleep(rng.nextInt(20), rng.nextInt(1_000_000));
        boolean alive = process.isAlive();
        process.destroyForcibly().waitFor();
        // 128 + 9: the signal; Windows has none. It may have ended in the last moment.
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return alive && process.exitValue() == (windows ? 1 : 137);
    }

    private List<String> outcome(Process process, BufferedReader out) throws Exception {
        while (out.readLine() != null) {
            // until it ends
        }
        int code = process.waitFor();
        assertThat(code).as(() -> errors()).isZero();
        return Files.readAllLines(dir.resolve("outcome.txt"));
    }

    private String errors() {
        try {
            return Files.readString(dir.resolve("errors.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new java.io.InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private void checkFiles(Path folder) throws IOException {
        List<Path> files = files(folder);
        List<Path> unfinished = files.stream().filter(KillTest::isUnfinished).toList();
        assertThat(unfinished).hasSizeLessThanOrEqualTo(1);
        killsWhileSaving += unfinished.size();
        for (Path file : files) {
            if (!isUnfinished(file)) {
                Safetensors.read(file);
                filesRead++;
            }
        }
        // Two, the best, one that was about to be deleted, and one half written.
        assertThat(files).hasSizeLessThanOrEqualTo(5);
    }

    private static boolean isUnfinished(Path file) {
        return file.toString().endsWith("unfinished");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
