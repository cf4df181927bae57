package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.fault.DataException;
import io.miniai.data.image.ImageFormat;
import io.miniai.data.image.PngEncoder;
import io.miniai.data.image.PngFiles;
import io.miniai.data.store.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PngFolderTest {
    @TempDir
    Path root;

    private void write(String file, byte[] png) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, png);
    }

    private static byte[] red() {
        return new PngEncoder(new ImageFormat(3, 1, 1)).encode(new byte[] {(byte) 255, 0, 0}, 0);
    }

    @Test
    void opens_train_and_test_with_folders_as_classes() throws IOException {
        write("train/cat/1.png", PngFiles.grey(1, 2, 5, 6));
        write("train/dog/2.png", PngFiles.grey(1, 2, 7, 8));
        write("test/dog/1.png", PngFiles.grey(1, 2, 9, 10));
        DatasetDict pets = PngFolder.open(root);
        assertThat(pets.classNames()).containsExactly("cat", "dog");
        assertThat(pets.train().format()).isEqualTo(new ImageFormat(1, 1, 2));
        assertThat(pets.train().get(1).label()).isEqualTo(1);
        assertThat(pets.train().get(1).pixels()).containsExactly(7, 8);
        assertThat(pets.test().get(0).label()).isEqualTo(1);
        assertThat(pets.valid()).isSameAs(pets.test());
        assertThat(pets).hasToString("train 2, test 1 images of 1×2 grey, 2 classes");
    }

    @Test
    void numbers_numeric_labels_by_their_value() throws IOException {
        for (int label : new int[] {0, 1, 2, 9, 10, 11}) {
            write("train/" + label + "/" + label + ".png", PngFiles.grey(1, 1, label));
        }
        ImageDataset train = PngFolder.open(root).train();
        assertThat(train.classNames()).containsExactly("0", "1", "2", "9", "10", "11");
        for (int i = 0; i < 6; i++) {
            assertThat(train.label(i)).isEqualTo(i);
        }
    }

    @Test
    void takes_labels_from_given_names_or_numbers_though_some_are_missing() throws IOException {
        write("train/3/1.png", PngFiles.grey(1, 1, 1));
        write("train/zero/2.png", PngFiles.grey(1, 1, 2));
        ImageDataset train = PngFolder.at(root)
                .classNames(List.of("zero", "one", "two", "three"))
                .open()
                .train();
        assertThat(train.label(0)).isEqualTo(3);
        assertThat(train.label(1)).isZero();
        assertThat(train.classNames()).hasSize(4);
    }

    @Test
    void reads_colour_or_grey_as_asked_for() throws IOException {
        write("train/a/1.png", red());
        write("train/a/2.png", PngFiles.grey(1, 1, 100));
        assertThat(PngFolder.open(root).train().get(0).pixels()).containsExactly(255, 0, 0);
        assertThat(PngFolder.open(root).train().get(1).pixels()).containsExactly(100, 100, 100);
        assertThat(PngFolder.at(root).channels(1).open().train().get(0).pixels())
                .containsExactly(76);
        assertThatThrownBy(() -> PngFolder.at(root).channels(2))
                .hasMessage("channels: expected 1 (grey) or 3 (colour), got 2");
    }

    @Test
    void reads_nothing_but_the_first_image_until_asked() throws IOException {
        write("train/a/1.png", PngFiles.grey(1, 1, 1));
        write("train/a/2.png", new byte[] {1, 2, 3});
        ImageDataset train = PngFolder.open(root).train();
        assertThat(train.get(0).pixels()).containsExactly(1);
        assertThatThrownBy(() -> train.get(1)).isInstanceOf(DataException.class);
    }

    @Test
    void refuses_a_folder_that_is_no_class() throws IOException {
        write("train/cat/1.png", PngFiles.grey(1, 1, 1));
        write("test/bird/1.png", PngFiles.grey(1, 1, 1));
        assertThatThrownBy(() -> PngFolder.open(root))
                .isInstanceOf(DataException.class)
                .hasMessage(root.resolve("test").resolve("bird")
                        + ": the folder is none of the classes cat. Rename or remove it," + " or name the classes.");
        write("train/7/1.png", PngFiles.grey(1, 1, 1));
        assertThatThrownBy(() ->
                        PngFolder.at(root).classNames(List.of("cat", "bird")).open())
                .hasMessageContaining("7: the folder is none of the classes cat, bird.");
    }

    @Test
    void refuses_a_missing_file_one_of_another_size_and_one_that_is_no_PNG() throws IOException {
        write("train/a/1.png", PngFiles.grey(2, 2, 1, 2, 3, 4));
        write("train/a/2.png", PngFiles.grey(1, 2, 1, 2));
        write("train/a/3.png", new byte[] {'G', 'I', 'F', '8', '9', 'a', 0, 0, 0});
        write("train/a/4.png", PngFiles.grey(2, 2, 1, 2, 3, 4));
        ImageDataset train = PngFolder.open(root).train();
        Path folder = root.resolve("train").resolve("a");
        Files.delete(folder.resolve("4.png"));
        assertThatThrownBy(() -> train.get(1))
                .isInstanceOf(DataException.class)
                .hasMessage(folder.resolve("2.png") + ": expected 2×2 pixels like the dataset's first image, got 1×2."
                        + " Resize or remove it.");
        assertThatThrownBy(() -> train.get(2))
                .isInstanceOf(DataException.class)
                .hasMessage(folder.resolve("3.png")
                        + ": expected a PNG image, the content is GIF. Convert it to PNG or remove it.");
        assertThatThrownBy(() -> train.get(3))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        folder.resolve("4.png")
                                + ": no such file. Check the path; a dataset that was changed while in use has to be opened again.");
    }

    @Test
    void refuses_a_folder_it_may_not_read() throws IOException {
        write("train/cat/1.png", PngFiles.grey(1, 1, 1));
        write("train/secret/2.png", PngFiles.grey(1, 1, 1));
        assertThatThrownBy(() -> PngFolder.open(DeniedFolders.below(root, "secret")))
                .isInstanceOf(DataException.class)
                .hasMessage(root.resolve("train").resolve("secret")
                        + ": cannot be read: permission denied. Give this user read access.");
    }

    @Test
    void refuses_a_file_it_may_not_read() throws IOException {
        write("train/cat/1.png", PngFiles.grey(1, 1, 1));
        write("train/cat/2.png", PngFiles.grey(1, 1, 1));
        ImageDataset train = PngFolder.open(DeniedFolders.below(root, "2.png")).train();
        assertThatThrownBy(() -> train.get(1))
                .isInstanceOf(DataException.class)
                .hasMessage(root.resolve("train").resolve("cat").resolve("2.png")
                        + ": cannot be read: permission denied. Give this user read access.");
    }

    @Test
    void says_that_reading_was_interrupted_and_reads_on_later() throws IOException {
        write("train/a/1.png", PngFiles.grey(1, 1, 7));
        ImageDataset train = PngFolder.open(root).train();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> train.get(0))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("1.png: reading it was interrupted.");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(train.get(0).pixels()).containsExactly(7);
    }

    @Test
    void refuses_an_image_over_the_limit_of_pixels() throws IOException {
        write("train/a/1.png", PngFiles.grey(2, 2, 1, 2, 3, 4));
        Limits three = new Limits(10, 1000, 1000, 3);
        assertThatThrownBy(() -> PngFolder.at(root).limits(three).open())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1.png: the image has 2×2 pixels, more than the limit of 3.");
    }

    @Test
    void refuses_limits_that_let_nothing_through() {
        assertThatThrownBy(() -> new Limits(0, 1, 1, 1))
                .hasMessageContaining("limits: expected positive numbers, got 0 files");
        assertThatThrownBy(() -> new Limits(1, 1L << 31, 1, 1)).hasMessageContaining("less than 2 GiB");
    }

    @Test
    void refuses_a_part_whose_images_have_another_size_before_anything_is_trained() throws IOException {
        write("train/a/1.png", PngFiles.grey(2, 2, 1, 2, 3, 4));
        write("valid/a/1.png", PngFiles.grey(1, 2, 1, 2));
        assertThatThrownBy(() -> PngFolder.open(root))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith(
                        "1.png: expected 2×2 pixels like the dataset's first image, got 1×2." + " Resize or remove it.")
                .hasMessageContaining("valid");
    }

    @Test
    void refuses_a_folder_named_like_an_image() throws IOException {
        write("train/a/1.png", PngFiles.grey(1, 1, 1));
        Files.createDirectory(root.resolve("train").resolve("a").resolve("2.png"));
        ImageDataset train = PngFolder.open(root).train();
        assertThatThrownBy(() -> train.get(1))
                .isInstanceOf(DataException.class)
                .hasMessage(root.resolve("train").resolve("a").resolve("2.png")
                        + ": expected a file, this is a folder, a pipe or a device. Move it out.");
    }

    /** Opening one waits for a writer, for ever. */
    @Test
    @Timeout(60)
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void refuses_a_pipe_named_like_an_image_or_a_zip() throws Exception {
        write("train/a/1.png", PngFiles.grey(1, 1, 1));
        Path pipe = root.resolve("train").resolve("a").resolve("2.png");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        ImageDataset train = PngFolder.open(root).train();
        for (ThrowingCallable reading : List.<ThrowingCallable>of(() -> train.get(1), () -> PngFolder.open(pipe))) {
            assertThatThrownBy(reading)
                    .isInstanceOf(DataException.class)
                    .hasMessage(pipe + ": expected a file, this is a folder, a pipe or a device. Move it out.");
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void refuses_a_class_that_is_a_link_to_nowhere_since_all_labels_would_shift() throws IOException {
        write("train/a/1.png", PngFiles.grey(1, 1, 1));
        write("train/c/1.png", PngFiles.grey(1, 1, 1));
        Path link = Files.createSymbolicLink(root.resolve("train").resolve("b"), Path.of("/nowhere"));
        assertThatThrownBy(() -> PngFolder.open(root))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(link + ": no such file.");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void refuses_names_that_are_not_of_this_systems_encoding_since_they_would_look_alike() throws Exception {
        write("train/a/1.png", PngFiles.grey(1, 1, 1));
        String train = root.resolve("train").toString();
        assertThat(new ProcessBuilder("sh", "-c", "mkdir \"$0/$(printf 'b\\344')\"", train)
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(() -> PngFolder.open(root))
                .isInstanceOf(DataException.class)
                .hasMessage(root.resolve("train").resolve("b\ufffd")
                        + ": the name has bytes that mean nothing in this system's encoding of names, "
                        + System.getProperty("sun.jnu.encoding") + ". Start Java with LC_ALL=C.UTF-8, or rename it.");
    }
}
