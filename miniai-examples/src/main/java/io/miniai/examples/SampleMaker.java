package io.miniai.examples;

import io.miniai.data.idx.IdxImages;
import io.miniai.data.idx.IdxLabels;
import io.miniai.data.image.PngEncoder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes the samples that come with the examples: of each class the first images of the originals, in their order, as
 * {@code train/<label>/<n>.png} and {@code test/<label>/<n>.png} in a zip, n being the number in the original.
 *
 * <p>Run with the folder of the four {@code *-ubyte.gz} originals, the zip to write, and how many images of each class
 * to take of the train and of the test part; {@code SAMPLES.md} beside the zips shows the commands. The same originals
 * give the same bytes with the same zlib.
 */
public final class SampleMaker {
    private static final int CLASSES = 10;
    private static final LocalDateTime ANY_DATE = LocalDateTime.of(2000, 1, 1, 0, 0);

    private SampleMaker() {}

    /**
     * Makes one sample.
     *
     * @param args folder of the originals, zip to write, images of each class to train and to test on
     */
    public static void main(String[] args) {
        if (args.length != 4) {
            throw new IllegalArgumentException("expected: originals zip train-per-class test-per-class");
        }
        make(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    }

    static void make(Path originals, Path zip, int trainPerClass, int testPerClass) {
        try (ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(zip)))) {
            addPart(out, "train", originals, "train", trainPerClass);
            addPart(out, "test", originals, "t10k", testPerClass);
        } catch (IOException e) {
            throw new UncheckedIOException(zip + " could not be written", e);
        }
    }

    private static void addPart(ZipOutputStream out, String part, Path originals, String original, int perClass)
            throws IOException {
        IdxImages images = IdxImages.read(originals.resolve(original + "-images-idx3-ubyte.gz"));
        IdxLabels labels = IdxLabels.read(originals.resolve(original + "-labels-idx1-ubyte.gz"), CLASSES);
        PngEncoder encoder = new PngEncoder(images.format());
        int[] taken = new int[CLASSES];
        for (int i = 0; i < images.count(); i++) {
            int label = labels.label(i);
            if (taken[label]++ < perClass) {
                byte[] png = encoder.encode(images.pixels(), i * images.format().bytes());
                add(out, part + "/" + label + "/" + i + ".png", png);
            }
        }
    }

    /** Stored, since PNG is compressed already; all of one date, so that the same images give the same zip. */
    private static void add(ZipOutputStream out, String name, byte[] png) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(png);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setTimeLocal(ANY_DATE);
        entry.setSize(png.length);
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        out.write(png);
    }
}
