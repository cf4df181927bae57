package io.miniai.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.miniai.file.FileException;
import io.miniai.learn.LearnerException;
import io.miniai.learn.Toys;
import io.miniai.nn.Linear;
import io.miniai.nn.ModelFile;
import io.miniai.tensor.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad days of a disk, and folders and settings that nobody thought of. */
class SavingFaultsTest {
    @TempDir
    Path dir;

    /** A file system of its own, so that it can be full or read-only; only where tests run as a user who may. */
    private final class SmallDisk implements AutoCloseable {
        private final Path at;

        SmallDisk(int kilobytes) throws Exception {
            at = Files.createDirectory(dir.resolve("disk"));
            assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
            assumeThat(run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", at.toString()))
                    .as("mounting needs rights")
                    .isZero();
        }

        void readOnly() throws Exception {
            assertThat(run("mount", "-o", "remount,ro", at.toString())).isZero();
        }

        @Override
        public void close() throws Exception {
            run("umount", at.toString());
        }

        private static int run(String... command) throws Exception {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_full_disk_leaves_the_old_model_and_no_temporary_file() throws Exception {
        try (SmallDisk disk = new SmallDisk(256)) {
            Path file = disk.at.resolve("model.safetensors");
            Linear small = new Linear(100, 100);
            ModelFile.save(small, file);
            for (int size : new int[] {200, 1_000}) {
                assertThatThrownBy(() -> ModelFile.save(new Linear(size, 500), file))
                        .isInstanceOf(FileException.class)
                        .hasMessage(
                                file + ": could not be written: No space left on device. The old file is as it was.");
            }
            assertThat(names(disk.at)).containsExactly("model.safetensors");
            assertThat(ModelFile.load(file).parameter("weight").toFloatArray())
                    .isEqualTo(small.weight().toFloatArray());
            // The next try works once there is space.
            ModelFile.save(new Linear(100, 50), file);
            assertThat(ModelFile.load(file).numel()).isEqualTo(5050);
        }
    }

    @Test
    void a_disk_that_fills_up_during_a_fit_leaves_whole_checkpoints_to_go_on_from() throws Exception {
        try (SmallDisk disk = new SmallDisk(32)) {
            CheckpointCB checkpoints = new CheckpointCB(disk.at).everyBatches(1).keep(100);
            assertThatThrownBy(() -> Toys.learner(4, 1).with(checkpoints).fit(20))
                    .isInstanceOf(LearnerException.class)
                    .hasCauseInstanceOf(FileException.class)
                    .hasMessageContaining("cleanupBatch of CheckpointCB failed")
                    .hasMessageEndingWith("could not be written: No space left on device.");
            assertThat(names(disk.at)).isNotEmpty().allMatch(name -> name.matches("checkpoint-\\d{6}\\.safetensors"));
            CheckpointCB elsewhere = new CheckpointCB(dir.resolve("elsewhere"));
            Toys.learner(4, 1).with(elsewhere).resume(checkpoints.latest().orElseThrow());
        }
    }

    @Test
    void a_read_only_folder_is_named() throws Exception {
        try (SmallDisk disk = new SmallDisk(256)) {
            Path file = disk.at.resolve("model.safetensors");
            ModelFile.save(new Linear(2, 2), file);
            disk.readOnly();
            assertThatThrownBy(() -> ModelFile.save(new Linear(3, 3), file))
                    .isInstanceOf(FileException.class)
                    .hasMessage(file + ": could not be written: Read-only file system. The old file is as it was.");
            assertThat(ModelFile.load(file).numel()).isEqualTo(6);
        }
    }

    @Test
    void a_folder_that_vanished_is_not_made_again() {
        Path file = dir.resolve("gone").resolve("model.safetensors");
        assertThatThrownBy(() -> ModelFile.save(new Linear(2, 2), file))
                .isInstanceOf(FileException.class)
                .hasMessage(file + ": could not be written: there is no such file or folder.");
        assertThat(file.getParent()).doesNotExist();
    }

    /** Turkish has a dotless i, Arabic can have other digits, and the default charset need not be UTF-8. */
    @ParameterizedTest
    @CsvSource({"tr,TR,,ISO-8859-9", "ar,EG,arab,US-ASCII"})
    void saves_and_goes_on_under_odd_locales_and_charsets_in_a_folder_with_spaces(
            String language, String country, String digits, String charset) {
        ChildJvm.Result result = new ChildJvm()
                .property("user.language", language)
                .property("user.country", country)
                .property("user.extensions", digits == null ? "" : "u-nu-" + digits)
                .property("file.encoding", charset)
                .variable("LC_ALL", "C.UTF-8")
                .run(dir, OddPlaces.class, dir.toString());
        assertThat(result.exitCode()).as(() -> result.err().toString()).isZero();
        assertThat(result.out()).contains("same=true");
    }

    /** Runs in a process of its own. */
    static final class OddPlaces {
        private OddPlaces() {}

        public static void main(String[] args) throws IOException {
            Path folder = Files.createDirectory(Path.of(args[0], "Ирина's модель 模型 İıŞğ %20 #1"));
            Path model = folder.resolve("ağ I.safetensors");
            Linear linear = new Linear(3, 2);
            ModelFile.save(linear, model);
            boolean same = ModelFile.load(model).toString().equals("Linear(3→2)");

            CheckpointCB checkpoints = new CheckpointCB(folder).everyBatches(1).keep(9);
            var whole = Toys.learner(3, 1).with(checkpoints);
            whole.fit(2);
            var again = Toys.learner(3, 1).with(checkpoints);
            again.resume(folder.resolve("checkpoint-000002.safetensors"));
            same &= again.model().parameter("weight").at(0, 0)
                    == whole.model().parameter("weight").at(0, 0);
            System.out.println("same=" + same);
        }
    }
}
