package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.miniai.data.fault.DataException;
import io.miniai.data.idx.IdxFiles;
import io.miniai.data.idx.IdxImages;
import io.miniai.data.idx.IdxLabels;
import io.miniai.data.image.ImageFormat;
import io.miniai.data.image.PngDecoder;
import io.miniai.data.image.PngFiles;
import io.miniai.data.image.PngFuzz;
import io.miniai.tensor.Rng;
import io.miniai.testing.Soak;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files that are damaged in every way that a generator thinks of: reading them ends well or with a {@link DataException},
 * and allocates no more than its size and a constant, whatever it claims to hold. An input is told by its number.
 */
class FuzzTest {
    private static final long SEED = 20_261_125;
    private static final long CONSTANT = 1 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final ImageFormat FORMAT = new ImageFormat(1, 28, 28);

    @TempDir
    Path dir;

    private final PngDecoder decoder = new PngDecoder(1 << 16);
    private final byte[] pixels = new byte[28 * 28];

    /** What is read, and the good files that bad ones are made of. */
    enum Kind {
        IDX {
            @Override
            List<byte[]> seeds() {
                byte[] images = IdxFiles.images(3);
                byte[] labels = IdxFiles.labels(30);
                return List.of(images, IdxFiles.gzip(images), labels, IdxFiles.gzip(labels));
            }

            @Override
            void read(FuzzTest test, byte[] file, int input) {
                Path path = test.write("a-ubyte.gz", file);
                if (input % 4 < 2) {
                    IdxImages.read(path);
                } else {
                    IdxLabels.read(path, 10);
                }
            }
        },
        PNG {
            @Override
            List<byte[]> seeds() {
                return pngs();
            }

            @Override
            byte[] mutate(byte[] file, Rng rng) {
                byte[] bytes = Mutations.mutate(file, rng);
                return rng.nextInt(4) == 0 || bytes.length < 20 ? bytes : PngFuzz.withChecksums(bytes);
            }

            @Override
            void read(FuzzTest test, byte[] file, int input) {
                test.decoder.decode(file, file.length, "fuzz.png", FORMAT, test.pixels, 0);
            }
        },
        PNG_FOLDER {
            @Override
            List<byte[]> seeds() {
                return pngs();
            }

            @Override
            byte[] mutate(byte[] file, Rng rng) {
                return PNG.mutate(file, rng);
            }

            @Override
            void read(FuzzTest test, byte[] file, int input) {
                // Every other time the first image is the damaged one, which also says how large the others are.
                String root = input % 2 == 0 ? "first" : "later";
                if (!Files.exists(test.dir.resolve(root))) {
                    test.write(root + "/train/a/2.png", PngFiles.grey28(2));
                }
                test.write(root + "/train/a/" + (input % 2 == 0 ? 1 : 3) + ".png", file);
                readAll(PngFolder.at(test.dir.resolve(root)).channels(1).open());
            }
        },
        ZIP {
            @Override
            List<byte[]> seeds() {
                return List.of(zip(true), zip(false));
            }

            @Override
            void read(FuzzTest test, byte[] file, int input) {
                readAll(PngFolder.open(test.write("a.zip", file)));
            }
        };

        abstract List<byte[]> seeds();

        abstract void read(FuzzTest test, byte[] file, int input);

        byte[] mutate(byte[] file, Rng rng) {
            return Mutations.mutate(file, rng);
        }
    }

    private static List<byte[]> pngs() {
        return List.of(
                PngFiles.grey28(3),
                PngFiles.encode(new BufferedImage(28, 28, BufferedImage.TYPE_4BYTE_ABGR), true),
                PngFiles.encode(new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_INDEXED), false),
                PngFiles.encode(new BufferedImage(28, 28, BufferedImage.TYPE_USHORT_GRAY), false),
                PngFiles.encode(new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_BINARY), false));
    }

    private static byte[] zip(boolean deflated) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("train/0/1.png", "train/1/2.png", "test/0/3.png")) {
                byte[] png = PngFiles.grey28(name.charAt(name.length() - 5));
                ZipEntry entry = new ZipEntry(name);
                if (!deflated) {
                    CRC32 crc = new CRC32();
                    crc.update(png);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(png.length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(png);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void readAll(DatasetDict dict) {
        List<ImageDataset> parts = new ArrayList<>(List.of(dict.train()));
        if (dict.hasValid()) {
            parts.add(dict.valid());
        }
        for (ImageDataset part : parts) {
            for (int i = 0; i < part.size(); i++) {
                part.get(i);
            }
        }
    }

    private Path write(String name, byte[] content) {
        try {
            Path file = dir.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void survives_thousands_of_damaged_files(Kind kind) {
        run(kind, 0, kind == Kind.PNG ? 5_000 : 1_000);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("soak")
    @Timeout(3600)
    void survives_a_hundred_thousand_damaged_files(Kind kind) {
        System.out.println(run(kind, 0, Soak.scaled(100_000, 1_000)));
    }

    private String run(Kind kind, int from, int to) {
        List<byte[]> seeds = kind.seeds();
        int good = 0;
        long most = 0;
        for (int i = 0; i < seeds.size(); i++) {
            kind.read(this, seeds.get(i), i); // good; and what is loaded and compiled once is not counted below
        }
        for (int i = from; i < to; i++) {
            byte[] file = kind.mutate(seeds.get(i % seeds.size()), Rng.of(SEED, i));
            String refusal = null;
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                kind.read(this, file, i);
                good++;
            } catch (DataException e) {
                refusal = e.getMessage();
            } catch (Throwable t) {
                throw new AssertionError(kind + " " + i, t);
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (refusal != null) {
                assertThat(refusal).as("%s %d", kind, i).endsWith(".");
            }
            assertThat(allocated).as("%s %d", kind, i).isLessThan(CONSTANT + file.length);
            most = Math.max(most, allocated);
        }
        assertThat(good).as("%s", kind).isPositive().isLessThan((to - from) / 2);
        return "%s fuzz: %,d files: %,d read, %,d refused; most bytes allocated for one: %,d"
                .formatted(kind, to - from, good, to - from - good, most);
    }
}
