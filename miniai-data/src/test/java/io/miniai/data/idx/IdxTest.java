package io.miniai.data.idx;

import static io.miniai.data.idx.IdxFiles.gzip;
import static io.miniai.data.idx.IdxFiles.idx;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.fault.DataException;
import io.miniai.data.image.ImageFormat;
import io.miniai.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    @TempDir
    Path temp;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = temp.resolve("train-images-idx3-ubyte.gz");
    }

    private IdxImages images(byte[] content) {
        write(content);
        return IdxImages.read(file);
    }

    private IdxLabels labels(byte[] content) {
        write(content);
        return IdxLabels.read(file, 10);
    }

    private void write(byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void reads_images_raw_or_gzipped_whatever_the_name() {
        byte[] raw = idx(0x803, new int[] {2, 1, 3}, new byte[] {1, 2, 3, 4, 5, 6});
        for (byte[] form : new byte[][] {raw, gzip(raw)}) {
            IdxImages images = images(form);
            assertThat(images.count()).isEqualTo(2);
            assertThat(images.format()).isEqualTo(new ImageFormat(1, 1, 3));
            assertThat(images.pixels()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void reads_labels() {
        IdxLabels labels = labels(gzip(idx(0x801, new int[] {3}, new byte[] {9, 0, 4})));
        assertThat(labels.count()).isEqualTo(3);
        assertThat(labels.label(0)).isEqualTo(9);
    }

    @Test
    void refuses_a_wrong_magic_number() {
        assertThatThrownBy(() -> images(gzip(idx(0x801, new int[] {3}, new byte[3]))))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": bad IDX header: expected bytes 00 00 08 03, got bytes 00 00 08 01."
                        + " Fetch the file again.");
        assertThatThrownBy(() -> labels(idx(0xD01, new int[] {3}, new byte[12])))
                .hasMessageContaining("expected bytes 00 00 08 01, got bytes 00 00 0d 01");
        assertThatThrownBy(() -> images(new byte[] {1, 2, 3})).hasMessageContaining("got bytes 01 02 03");
        assertThatThrownBy(() -> images(new byte[0])).hasMessageContaining("got an empty file");
    }

    @Test
    void refuses_a_header_cut_short() {
        assertThatThrownBy(() -> images(Arrays.copyOf(idx(0x803, new int[] {1, 1, 1}, new byte[1]), 10)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": bad IDX header: expected 16 bytes, got 10 bytes. Fetch the file again.");
    }

    @Test
    void refuses_dimensions_that_cannot_be() {
        int[][] bad = {
            {0, 28, 28},
            {-1, 28, 28},
            {60_000, 0, 28},
            {Integer.MAX_VALUE, Integer.MAX_VALUE, 2},
            {65_536, 65_536, 65_536}
        };
        for (int[] dims : bad) {
            assertThatThrownBy(() -> images(idx(0x803, dims, new byte[10])))
                    .isInstanceOf(DataException.class)
                    .hasMessage(file
                            + ": bad IDX header: expected dimensions of at least 1 and less than 2 GiB in all, got "
                            + Arrays.toString(dims) + ". Fetch the file again.");
        }
    }

    @Test
    void refuses_less_data_than_announced_without_taking_memory_for_it() {
        byte[] liar = idx(0x803, new int[] {2_000_000_000, 1, 1}, new byte[10]);
        assertThatThrownBy(() -> images(liar))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": the IDX header announces 2000000000 bytes of data, the file holds 10."
                        + " Fetch the file again.");
    }

    @Test
    void refuses_more_data_than_announced() {
        assertThatThrownBy(() -> labels(idx(0x801, new int[] {3}, new byte[4])))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": the IDX header announces 3 bytes of data, the file holds more."
                        + " Fetch the file again.");
    }

    @Test
    void refuses_gzip_data_cut_short_or_damaged() {
        byte[] whole = gzip(IdxFiles.images(5));
        byte[] damaged = whole.clone();
        damaged[whole.length - 6] ^= 1; // in the checksum
        for (byte[] bad : new byte[][] {Arrays.copyOf(whole, whole.length / 2), Arrays.copyOf(whole, 5), damaged}) {
            assertThatThrownBy(() -> images(bad))
                    .isInstanceOf(DataException.class)
                    .hasMessage(file + ": the gzip data is damaged or cut short. Fetch the file again.");
        }
    }

    @Test
    void refuses_a_label_of_no_class() {
        assertThatThrownBy(() -> labels(idx(0x801, new int[] {3}, new byte[] {0, 10, 1})))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": label 1 is 10, expected 0 to 9. Fetch the file again.");
        assertThatThrownBy(() -> labels(idx(0x801, new int[] {1}, new byte[] {-1})))
                .hasMessageContaining("label 0 is 255");
    }

    @Test
    void says_that_a_file_is_missing() {
        assertThatThrownBy(() -> IdxImages.read(temp.resolve("no")))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(temp.resolve("no") + ": no such file.");
    }

    @Test
    void refuses_as_many_labels_as_there_are_not_images() throws IOException {
        Path labels = Files.write(temp.resolve("labels"), IdxFiles.labels(4));
        write(IdxFiles.images(5));
        assertThatThrownBy(() -> IdxToPng.write(IdxImages.read(file), IdxLabels.read(labels, 10), temp.resolve("png")))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " holds 5 images, but " + labels + " holds 4 labels. Fetch both again.");
        assertThat(temp.resolve("png")).doesNotExist();
    }

    @Test
    void answers_damage_of_any_kind_with_its_own_exception() {
        Rng rng = Rng.of(4);
        byte[] raw = idx(0x803, new int[] {3, 5, 5}, new byte[75]);
        byte[] zipped = gzip(raw);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = (i % 2 == 0 ? raw : zipped).clone();
            bytes[rng.nextInt(Math.min(bytes.length, 30))] = (byte) rng.nextInt(256);
            try {
                images(i % 5 == 0 ? Arrays.copyOf(bytes, rng.nextInt(bytes.length)) : bytes);
            } catch (DataException e) {
                assertThat(e).hasMessageContaining(file.toString());
            }
        }
    }
}
