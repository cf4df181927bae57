package io.miniai.data.store;

import static io.miniai.data.store.ZipBytes.directory;
import static io.miniai.data.store.ZipBytes.end;
import static io.miniai.data.store.ZipBytes.fields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.fault.DataException;
import io.miniai.tensor.Rng;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zip archives that are damaged, hostile or unusual. */
class ZipDirectoryTest {
    @TempDir
    Path temp;

    private Path file;
    private byte[] zip;

    @BeforeEach
    void makeArchive() {
        file = temp.resolve("a.zip");
        zip = new ZipBytes()
                .deflated()
                .add("train/3/1.png", new byte[1000])
                .add("train/3/2.png", "hello".getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private int readAll(byte[] bytes) {
        return readAll(bytes, Limits.DEFAULT);
    }

    /** How many files it has read. */
    private int readAll(byte[] bytes, Limits limits) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        int count = 0;
        for (SampleFiles files : ImageTree.list(file, limits).values()) {
            try (SampleFiles.Reader reader = files.open()) {
                for (int i = 0; i < files.size(); i++) {
                    reader.read(i);
                    count++;
                }
            }
        }
        return count;
    }

    private byte[] with(int at, int value) {
        byte[] changed = zip.clone();
        fields(changed).putInt(at, value);
        return changed;
    }

    private byte[] withShort(int at, int value) {
        byte[] changed = zip.clone();
        fields(changed).putShort(at, (short) value);
        return changed;
    }

    @Test
    void reads_an_archive_with_a_comment() {
        byte[] commented = Arrays.copyOf(zip, zip.length + 7);
        fields(commented).putShort(end(zip) + 20, (short) 7);
        assertThat(readAll(commented)).isEqualTo(readAll(zip)).isPositive();
    }

    @Test
    void says_that_a_file_is_no_zip() {
        for (byte[] bytes : new byte[][] {new byte[0], new byte[100], Arrays.copyOf(zip, zip.length - 1)}) {
            assertThatThrownBy(() -> readAll(bytes))
                    .isInstanceOf(DataException.class)
                    .hasMessage(file + ": expected a zip archive, found no zip directory at its end."
                            + " It is cut short or something else: fetch it again.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../train/3/1.png", "/train/3/1.png", "train/../../3/1.png", "train/3/.."})
    void refuses_an_entry_that_points_outside(String name) {
        byte[] bytes = new ZipBytes()
                .add("train/3/1.png", new byte[3])
                .add(name, new byte[3])
                .build();
        assertThatThrownBy(() -> readAll(bytes))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": the entry '" + name + "' points outside the archive. Do not use this archive.");
    }

    @Test
    void refuses_the_same_file_twice() {
        byte[] bytes = new ZipBytes()
                .add("train/3/1.png", new byte[3])
                .add("train/3/2.png", new byte[3])
                .build();
        fields(bytes).put(new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("2.png"), (byte) '1');
        assertThatThrownBy(() -> readAll(bytes))
                .isInstanceOf(DataException.class)
                .hasMessage(file + "!/train/3/1.png: is there twice. Remove one.");
    }

    @Test
    void refuses_an_encrypted_entry() {
        assertThatThrownBy(() -> readAll(withShort(directory(zip) + 8, 1)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": the entry 'train/3/1.png' is encrypted. Zip the folder again, stored or deflated,"
                        + " without a password.");
    }

    @Test
    void refuses_a_compression_it_does_not_know() {
        assertThatThrownBy(() -> readAll(withShort(directory(zip) + 10, 12)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the entry 'train/3/1.png' is compressed by method 12");
    }

    @Test
    void refuses_an_entry_that_says_it_unpacks_to_more_than_the_limit() {
        assertThatThrownBy(() -> readAll(with(directory(zip) + 24, 70 << 20)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train/3/1.png: has 73400320 bytes, more than the limit of 67108864");
    }

    @Test
    void never_unpacks_more_than_an_entry_says() {
        assertThatThrownBy(() -> readAll(with(directory(zip) + 24, 10)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + "!/train/3/1.png: the zip archive is damaged: the entry's checksum is wrong."
                        + " Fetch it again.");
    }

    @Test
    void refuses_an_entry_that_unpacks_to_less_than_it_says() {
        assertThatThrownBy(() -> readAll(with(directory(zip) + 24, 2000)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train/3/1.png: the zip archive is damaged: the entry is cut short");
    }

    @Test
    void takes_no_memory_for_an_entry_that_says_it_unpacks_to_more_than_its_bytes_can() {
        assertThatThrownBy(() -> readAll(with(directory(zip) + 24, 60 << 20)))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(".*train/3/1\\.png: the zip archive is damaged: the entry says that it unpacks to"
                        + " 62914560 bytes, which its \\d+ bytes cannot\\. Fetch it again\\.");
    }

    @Test
    void refuses_an_archive_that_unpacks_to_more_than_the_limit() {
        assertThatThrownBy(() -> readAll(zip, new Limits(10, 2000, 1004, 10)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": would unpack to more than the limit of 1004 bytes."
                        + " Raise Limits.maxTotalBytes if that is meant.");
    }

    @Test
    void refuses_entries_that_overlap() {
        byte[] bytes = new ZipBytes()
                .add("train/3/1.png", new byte[1000])
                .add("train/3/2.png", new byte[1000])
                .add("train/3/3.png", new byte[1000])
                .build();
        int at = directory(bytes);
        int entry = 46 + "train/3/1.png".length();
        for (int i = 0; i < 3; i++) { // each claims most of the archive, as the known bombs do
            fields(bytes)
                    .putInt(at + i * entry + 20, 2000)
                    .putInt(at + i * entry + 24, 2000)
                    .putInt(at + i * entry + 42, 0);
        }
        assertThatThrownBy(() -> readAll(bytes))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": the zip archive is damaged: its entries overlap. Fetch it again.");
    }

    @Test
    void refuses_an_entry_outside_the_archive() {
        for (int offset : new int[] {-2, Integer.MAX_VALUE, zip.length}) {
            assertThatThrownBy(() -> readAll(with(directory(zip) + 42, offset)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("the entry 'train/3/1.png' lies outside of it");
        }
    }

    @Test
    void refuses_an_entry_that_is_not_where_the_directory_says() {
        assertThatThrownBy(() -> readAll(with(directory(zip) + 42, 1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "train/3/1.png: the zip archive is damaged: the entry is not where the directory says");
    }

    @Test
    void refuses_a_directory_that_is_not_where_it_says() {
        assertThatThrownBy(() -> readAll(with(end(zip) + 16, 7)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": the zip archive is damaged: its directory is not where it says. Fetch it again.");
        assertThatThrownBy(() -> readAll(withShort(end(zip) + 10, 50_000)))
                .hasMessageContaining("its directory is not where it says");
    }

    @Test
    void refuses_a_broken_directory() {
        assertThatThrownBy(() -> readAll(with(directory(zip), 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("entry 0 of its directory is broken");
        assertThatThrownBy(() -> readAll(withShort(directory(zip) + 28, 60_000)))
                .hasMessageContaining("entry 0 of its directory is broken");
    }

    @Test
    void reads_the_64_bit_form_that_large_archives_have() throws IOException {
        byte[] first = zip.clone();
        int directory = directory(zip);
        int size = end(zip) - directory;
        ByteBuffer big = ByteBuffer.allocate(zip.length + 56 + 20).order(ByteOrder.LITTLE_ENDIAN);
        big.put(first, 0, end(zip));
        big.putInt(0x06064b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0);
        big.putLong(2).putLong(2).putLong(size).putLong(directory);
        big.putInt(0x07064b50).putInt(0).putLong(end(zip)).putInt(1);
        big.putInt(0x06054b50)
                .putInt(0)
                .putShort((short) -1)
                .putShort((short) -1)
                .putInt(-1)
                .putInt(-1)
                .putShort((short) 0);
        Files.write(file, big.array());
        Map<Split, SampleFiles> splits = ImageTree.list(file, Limits.DEFAULT);
        assertThat(splits.get(Split.TRAIN).size()).isEqualTo(2);
        readAll(big.array());
    }

    @Test
    void reads_a_directory_longer_than_its_window() throws IOException {
        try (ZipOutputStream many = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            many.setMethod(ZipOutputStream.STORED);
            for (int i = 0; i < 30_000; i++) {
                ZipEntry entry = new ZipEntry("train/" + i % 10 + "/" + i + ".png");
                entry.setSize(0);
                entry.setCrc(0);
                entry.setExtra(new byte[] {1, 2, 3, 0, 9, 9, 9});
                many.putNextEntry(entry);
                many.closeEntry();
            }
        }
        SampleFiles train = ImageTree.list(file, Limits.DEFAULT).get(Split.TRAIN);
        assertThat(train.size()).isEqualTo(30_000);
        assertThat(train.name(29_999)).endsWith("train/9/29999.png");
    }

    @Test
    void answers_damage_of_any_kind_with_its_own_exception() {
        Rng rng = Rng.of(2);
        int from = directory(zip) - 30;
        for (int i = 0; i < 1000; i++) {
            byte[] changed = zip.clone();
            for (int k = 1 + rng.nextInt(3); k > 0; k--) {
                int at = i % 2 == 0 ? from + rng.nextInt(zip.length - from) : rng.nextInt(zip.length);
                changed[at] = (byte) (rng.nextInt(2) == 0 ? rng.nextInt(256) : 255);
            }
            try {
                readAll(changed);
            } catch (DataException e) {
                assertThat(e).hasMessageContaining("a.zip");
            }
        }
    }

    @Test
    void says_that_a_zip_has_backslashes_for_slashes() {
        byte[] bytes = new ZipBytes().add("train\\3\\1.png", new byte[3]).build();
        assertThatThrownBy(() -> readAll(bytes))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": the entry 'train\\3\\1.png' has a backslash in its name."
                        + " Zip the folder again with a tool that writes slashes.");
    }

    /** Different names would become one, and their classes too. */
    @Test
    void refuses_names_that_are_not_UTF_8() {
        byte[] bytes = new ZipBytes()
                .add("train/ae/1.png", new byte[3])
                .add("train/oe/1.png", new byte[3])
                .build();
        int name = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("oe/1.png");
        fields(bytes).put(name, (byte) 0x94); // ö in code page 437
        assertThatThrownBy(() -> readAll(bytes))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": the name of entry 1 is not UTF-8."
                        + " Zip the folder again with a tool that writes UTF-8.");
    }
}
