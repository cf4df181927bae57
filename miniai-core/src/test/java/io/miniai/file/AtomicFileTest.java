package io.miniai.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path dir;

    @Test
    void replaces_a_file_and_leaves_nothing_else() throws IOException {
        Path file = Files.writeString(dir.resolve("model"), "old");
        AtomicFile.write(file, content("new"));
        assertThat(file).hasContent("new");
        assertThat(names()).containsExactly("model");
    }

    @Test
    void the_old_file_is_there_until_all_of_the_new_one_is() throws IOException {
        Path file = Files.writeString(dir.resolve("model"), "old");
        AtomicFile.write(file, channel -> {
            content("new").writeTo(channel);
            assertThat(file).hasContent("old");
        });
        assertThat(file).hasContent("new");
    }

    @Test
    void a_failure_leaves_the_old_file_and_no_temporary_one() throws IOException {
        Path file = Files.writeString(dir.resolve("model"), "old");
        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                    content("half").writeTo(channel);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(FileException.class)
                .hasMessage(file + ": could not be written: No space left on device. The old file is as it was.")
                .hasCauseInstanceOf(IOException.class);
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("model");
    }

    @Test
    void an_error_leaves_the_old_file_and_no_temporary_one() throws IOException {
        Path file = Files.writeString(dir.resolve("model"), "old");
        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                    throw new OutOfMemoryError("for the test");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("model");
    }

    @Test
    void an_interrupted_thread_can_save_and_stays_interrupted() throws IOException {
        Path file = Files.writeString(dir.resolve("model"), "old");
        Thread.currentThread().interrupt();
        try {
            AtomicFile.write(file, content("new"));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(file).hasContent("new");
        assertThat(names()).containsExactly("model");
    }

    @Test
    void an_interrupt_while_it_writes_leaves_the_old_file() throws IOException {
        Path file = Files.writeString(dir.resolve("model"), "old");
        try {
            assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                        Thread.currentThread().interrupt();
                        content("new").writeTo(channel);
                    }))
                    .isInstanceOf(FileException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("model");
    }

    @Test
    void removes_what_killed_processes_left_in_the_folder() throws IOException {
        Files.writeString(dir.resolve("model.0b1c.miniai-unfinished"), "left");
        Files.writeString(dir.resolve("other.0b1c.miniai-unfinished"), "left");
        Files.writeString(dir.resolve("download.unfinished"), "of somebody else");
        AtomicFile.write(dir.resolve("model"), content("new"));
        assertThat(names()).containsExactlyInAnyOrder("model", "download.unfinished");
    }

    @Test
    void leaves_what_somebody_is_writing() throws IOException {
        Path busy = dir.resolve("model.0b1c.miniai-unfinished");
        try (FileChannel other = FileChannel.open(busy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            other.lock();
            AtomicFile.write(dir.resolve("model"), content("new"));
            assertThat(names()).containsExactlyInAnyOrder("model", "model.0b1c.miniai-unfinished");
        }
        AtomicFile.write(dir.resolve("model"), content("new"));
        assertThat(names()).containsExactly("model");
    }

    @Test
    void follows_a_link_to_the_file() throws IOException {
        Path file =
                Files.writeString(Files.createDirectory(dir.resolve("store")).resolve("v1"), "old");
        Path link = linkTo(file, dir.resolve("model"));
        AtomicFile.write(link, content("new"));
        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
    }

    @Test
    void many_threads_that_write_one_file_leave_one_whole_content() throws Exception {
        Path file = dir.resolve("model");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String text = Integer.toString(i).repeat(10_000);
                writers.add(() -> {
                    AtomicFile.write(file, content(text));
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
        String text = Files.readString(file);
        assertThat(text).isEqualTo(text.substring(0, text.length() / 10_000).repeat(10_000));
        assertThat(names()).containsExactly("model");
    }

    private static Path linkTo(Path file, Path link) {
        try {
            return Files.createSymbolicLink(link, file);
        } catch (IOException | UnsupportedOperationException e) {
            return Assumptions.abort("no links here: " + e);
        }
    }

    static AtomicFile.Content content(String text) {
        return channel -> channel.write(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(p -> p.getFileName().toString()).toList();
        }
    }
}
