package io.miniai.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.miniai.data.fault.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What must hold for a folder tree, for a zip of it, and for a compressed one. */
class ImageTreeTest {
    @TempDir
    Path temp;

    enum Form {
        FOLDER,
        STORED,
        DEFLATED,
        ZIP_OF_THE_FOLDER
    }

    /** Writes files of these names, each with its name as content; a name that ends in a slash is a folder. */
    private Path tree(Form form, String... files) throws IOException {
        if (form == Form.FOLDER) {
            Path root = Files.createDirectories(temp.resolve("tree"));
            for (String file : files) {
                Path path = root.resolve(file);
                Files.createDirectories(file.endsWith("/") ? path : path.getParent());
                if (!file.endsWith("/")) {
                    Files.writeString(path, file);
                }
            }
            return root;
        }
        ZipBytes zip = form == Form.DEFLATED ? new ZipBytes().deflated() : new ZipBytes();
        for (String file : files) {
            String name = form == Form.ZIP_OF_THE_FOLDER ? "my data/" + file : file;
            zip.add(name, file.endsWith("/") ? new byte[0] : file.getBytes(StandardCharsets.UTF_8));
        }
        return Files.write(temp.resolve("tree.zip"), zip.build());
    }

    private static Map<Split, SampleFiles> list(Path root) {
        return ImageTree.list(root, Limits.DEFAULT);
    }

    /** The message of the fault, with the separators of any system as slashes. */
    private static AbstractStringAssert<?> assertFault(ThrowingCallable action) {
        Throwable fault = catchThrowable(action);
        assertThat(fault).isInstanceOf(DataException.class);
        return assertThat(slashes(fault.getMessage()));
    }

    private static String slashes(Object path) {
        return path.toString().replace('\\', '/');
    }

    private static List<String> contents(SampleFiles files) {
        List<String> all = new ArrayList<>();
        try (SampleFiles.Reader reader = files.open()) {
            for (int i = 0; i < files.size(); i++) {
                int length = reader.read(i);
                all.add(new String(reader.buffer(), 0, length, StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void reads_files_in_the_order_of_their_numbers_whatever_their_folder(Form form) throws IOException {
        Path root = tree(form, "train/9/10.png", "train/0/9.png", "train/10/2.png", "train/9/1.png", "test/0/5.png");
        SampleFiles train = list(root).get(Split.TRAIN);
        assertThat(contents(train))
                .containsExactly("train/9/1.png", "train/10/2.png", "train/0/9.png", "train/9/10.png");
        assertThat(train.folders()).containsExactly("0", "9", "10");
        assertThat(train.folder(0)).isEqualTo(1);
        assertThat(train.folder(1)).isEqualTo(2);
        assertThat(train.folder(2)).isZero();
        assertThat(contents(list(root).get(Split.TEST))).containsExactly("test/0/5.png");
    }

    @ParameterizedTest
    @EnumSource
    void takes_turns_where_each_folder_counts_anew(Form form) throws IOException {
        Path root = tree(form, "train/b/1.png", "train/b/2.png", "train/a/1.png", "train/a/2.png");
        assertThat(contents(list(root).get(Split.TRAIN)))
                .containsExactly("train/a/1.png", "train/b/1.png", "train/a/2.png", "train/b/2.png");
    }

    @ParameterizedTest
    @EnumSource
    void understands_the_other_folder_names_and_leaves_alone_what_lies_beside(Form form) throws IOException {
        Path root = tree(
                form,
                "Training/a/1.png",
                "validation/a/2.PNG",
                "testing/a/3.png",
                "README.txt",
                "Training/notes.txt",
                "other/x/1.png",
                "Training/a/.DS_Store",
                "Training/a/Thumbs.db",
                "Training/.hidden/x.txt");
        Map<Split, SampleFiles> splits = list(root);
        assertThat(contents(splits.get(Split.TRAIN))).containsExactly("Training/a/1.png");
        assertThat(contents(splits.get(Split.VALID))).containsExactly("validation/a/2.PNG");
        assertThat(contents(splits.get(Split.TEST))).containsExactly("testing/a/3.png");
    }

    @ParameterizedTest
    @EnumSource
    void refuses_two_folders_for_the_same_part(Form form) throws IOException {
        Path root = tree(form, "train/a/1.png", "training/a/2.png");
        assertFault(() -> list(root))
                .contains(slashes(root) + ": both '")
                .endsWith("' are there and mean the same. Keep one of them.");
    }

    @ParameterizedTest
    @EnumSource
    void names_each_file_so_that_it_can_be_found(Form form) throws IOException {
        Path root = tree(form, "train/a/1.png");
        String expected = switch (form) {
            case FOLDER -> slashes(root) + "/train/a/1.png";
            case ZIP_OF_THE_FOLDER -> slashes(root) + "!/my data/train/a/1.png";
            default -> slashes(root) + "!/train/a/1.png";
        };
        assertThat(slashes(list(root).get(Split.TRAIN).name(0))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void reads_files_larger_than_its_buffers_and_small_ones_after(Form form) throws IOException {
        String large = "x".repeat(100_000);
        Path root = tree(form, "train/a/1.png", "train/a/2.png", "train/a/3.png");
        if (form == Form.FOLDER) {
            Files.writeString(root.resolve("train/a/2.png"), large);
        } else {
            ZipBytes zip = form == Form.DEFLATED ? new ZipBytes().deflated() : new ZipBytes();
            zip.add("train/a/1.png", "train/a/1.png".getBytes(StandardCharsets.UTF_8))
                    .add("train/a/2.png", large.getBytes(StandardCharsets.UTF_8))
                    .add("train/a/3.png", "train/a/3.png".getBytes(StandardCharsets.UTF_8));
            Files.write(root, zip.build());
        }
        assertThat(contents(list(root).get(Split.TRAIN))).containsExactly("train/a/1.png", large, "train/a/3.png");
    }

    @ParameterizedTest
    @EnumSource
    void reads_names_with_spaces_and_of_any_script(Form form) throws IOException {
        Path root = tree(form, "train/T shirt/Größe 猫.png");
        SampleFiles train = list(root).get(Split.TRAIN);
        assertThat(contents(train)).containsExactly("train/T shirt/Größe 猫.png");
        assertThat(train.folders()).containsExactly("T shirt");
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_tree_without_train_and_says_what_is_there(Form form) throws IOException {
        Path root = tree(form, "test/a/1.png", "images/a/1.png");
        assertFault(() -> list(root))
                .startsWith(slashes(root) + ": expected a folder 'train' (or 'training') with one folder of PNG images"
                        + " a label, found ")
                .contains("test")
                .contains("images");
    }

    @ParameterizedTest
    @EnumSource
    void refuses_an_empty_class_folder(Form form) throws IOException {
        Path root = tree(form, "train/3/", "train/4/1.png");
        assertFault(() -> list(root))
                .contains(slashes(root))
                .endsWith("train/3: the class folder holds no PNG image. Add images or delete the folder.");
    }

    @ParameterizedTest
    @EnumSource
    void refuses_an_image_beside_the_class_folders(Form form) throws IOException {
        Path root = tree(form, "train/3/1.png", "train/4.png", "train/labels.csv");
        assertFault(() -> list(root))
                .endsWith("train/4.png: expected images in the folders of their labels; this one lies beside them."
                        + " Move it into one of them.");
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_split_without_class_folders(Form form) throws IOException {
        Path root = tree(form, "train/");
        assertFault(() -> list(root))
                .endsWith("train: expected one folder of PNG images a label, found none. Check the path.");
    }

    @ParameterizedTest
    @EnumSource
    void refuses_another_kind_of_file_in_a_class_folder(Form form) throws IOException {
        Path root = tree(form, "train/3/1.png", "train/3/labels.csv");
        assertFault(() -> list(root))
                .endsWith("train/3/labels.csv: expected only files named *.png in a class folder."
                        + " Move it out, or convert it.");
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_folder_in_a_class_folder(Form form) throws IOException {
        Path root = tree(form, "train/3/1.png", "train/3/more/2.png");
        assertFault(() -> list(root))
                .endsWith("train/3/more: expected only PNG images in a class folder, this is a folder. Move it out.");
    }

    @ParameterizedTest
    @EnumSource
    void stops_at_the_limit_of_files(Form form) throws IOException {
        Path root = tree(form, "train/3/1.png", "train/3/2.png", "train/4/3.png");
        assertFault(() -> ImageTree.list(root, new Limits(2, 1000, 1000, 1000)))
                .contains("holds more than 2 files. Raise Limits.maxFiles if that is meant.");
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_file_over_the_limit_before_reading_it(Form form) throws IOException {
        Path root = tree(form, "train/3/1.png");
        assertFault(() -> contents(
                        ImageTree.list(root, new Limits(9, 12, 1000, 1000)).get(Split.TRAIN)))
                .matches("(?s).*train/3/1.png: has 1[0-9] bytes, more than the limit of 12\\."
                        + " Raise Limits.maxFileBytes if that is meant\\.");
    }

    @Test
    void says_that_there_is_nothing_at_a_path() {
        assertFault(() -> list(temp.resolve("nowhere")))
                .isEqualTo(slashes(temp.resolve("nowhere"))
                        + ": no such folder or zip. Expected an image tree such as train/<label>/1.png.");
    }

    @ParameterizedTest
    @EnumSource
    void says_that_a_file_has_gone_since_it_was_listed(Form form) throws IOException {
        Path root = tree(form, "train/3/1.png");
        SampleFiles train = list(root).get(Split.TRAIN);
        Files.delete(form == Form.FOLDER ? root.resolve("train/3/1.png") : root);
        assertFault(() -> contents(train))
                .contains(slashes(root))
                .endsWith(
                        ": no such file. Check the path; a dataset that was changed while in use has to be opened again.");
    }

    @Test
    void keeps_a_million_names_in_thirty_megabytes() {
        FileListBuilder files = new FileListBuilder("root/train/");
        int[] folders = new int[10];
        Arrays.setAll(folders, i -> files.folder("class " + i));
        long before = usedHeap();
        for (int i = 0; i < 1_000_000; i++) {
            files.add(folders[i % 10], (999_999 - i) + ".png");
        }
        FileList list = files.build();
        long used = usedHeap() - before;
        assertThat(list.name(0)).isEqualTo("root/train/class 9/0.png");
        assertThat(list.name(999_999)).isEqualTo("root/train/class 0/999999.png");
        assertThat(used).isLessThan(30L << 20);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
