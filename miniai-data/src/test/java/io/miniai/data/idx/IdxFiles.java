package io.miniai.data.idx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** IDX files for tests. */
public final class IdxFiles {
    private IdxFiles() {}

    public static byte[] idx(int magic, int[] dims, byte[] data) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + 4 * dims.length + data.length).putInt(magic);
        for (int dim : dims) {
            bytes.putInt(dim);
        }
        return bytes.put(data).array();
    }

    /** Images of 28×28 pixels, each of its own number. */
    public static byte[] images(int count) {
        byte[] pixels = new byte[count * 784];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 784 + i % 784 % 7);
        }
        return idx(0x803, new int[] {count, 28, 28}, pixels);
    }

    /** Labels 0, 1, 2 … of ten classes. */
    public static byte[] labels(int count) {
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 10);
        }
        return idx(0x801, new int[] {count}, labels);
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The four files of a small dataset. */
    public static void writeOriginals(Path dir, int train, int test) throws IOException {
        Files.write(dir.resolve("train-images-idx3-ubyte.gz"), gzip(images(train)));
        Files.write(dir.resolve("train-labels-idx1-ubyte.gz"), gzip(labels(train)));
        Files.write(dir.resolve("t10k-images-idx3-ubyte.gz"), gzip(images(test)));
        Files.write(dir.resolve("t10k-labels-idx1-ubyte.gz"), gzip(labels(test)));
    }
}
