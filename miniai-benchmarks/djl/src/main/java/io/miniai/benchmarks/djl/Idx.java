package io.miniai.benchmarks.djl;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads the originals of Fashion-MNIST. */
final class Idx {
    private Idx() {}

    /** The bytes behind the header of an IDX file with this many dimensions. */
    static byte[] read(Path file, int dimensions) {
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            in.readInt();
            int count = 1;
            for (int i = 0; i < dimensions; i++) {
                count *= in.readInt();
            }
            return in.readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
