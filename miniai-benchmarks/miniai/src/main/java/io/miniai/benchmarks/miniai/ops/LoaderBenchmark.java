package io.miniai.benchmarks.miniai.ops;

import io.miniai.data.image.ImageFormat;
import io.miniai.data.image.PngDecoder;
import io.miniai.data.image.PngEncoder;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a loader thread does for a batch: decodes 256 PNG files of 28×28 pixels, held in memory. */
@State(Scope.Thread)
public class LoaderBenchmark {
    private static final ImageFormat FORMAT = new ImageFormat(1, 28, 28);
    private static final int BATCH = 256;

    private final PngDecoder decoder = new PngDecoder(1 << 20);
    private final byte[][] files = new byte[BATCH][];
    private final byte[] pixels = new byte[BATCH * FORMAT.bytes()];

    /** Encodes pictures of which half is empty, as garments are. */
    @Setup
    public void make() {
        SplittableRandom random = new SplittableRandom(1);
        PngEncoder encoder = new PngEncoder(FORMAT);
        for (int i = 0; i < BATCH; i++) {
            byte[] picture = new byte[FORMAT.bytes()];
            for (int p = picture.length / 2; p < picture.length; p++) {
                picture[p] = (byte) random.nextInt(256);
            }
            files[i] = encoder.encode(picture, 0);
        }
    }

    /** All of the batch, on one thread. */
    @Benchmark
    public byte[] decodeBatch() {
        for (int i = 0; i < BATCH; i++) {
            decoder.decode(files[i], files[i].length, "picture", FORMAT, pixels, i * FORMAT.bytes());
        }
        return pixels;
    }
}
