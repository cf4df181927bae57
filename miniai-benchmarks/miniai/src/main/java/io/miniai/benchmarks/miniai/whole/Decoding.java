package io.miniai.benchmarks.miniai.whole;

import io.miniai.data.DataLoader;
import io.miniai.data.DatasetDict;
import io.miniai.data.PngFolder;
import io.miniai.data.idx.Originals;
import io.miniai.learn.Batch;
import io.miniai.tensor.Workspace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** How long one and two loader threads need to read and decode the training images, from their folder and from one zip of it. */
public final class Decoding {
    private static final int CLASSES = 10;
    private static final int BATCH = 256;

    /** Many, since the machine's speed changes from second to second. */
    private static final int ROUNDS = 11;

    private Decoding() {}

    /** Arguments: the folder of the four originals, and a folder for the PNG files, which are written when missing. */
    public static void main(String[] args) {
        Path png = Path.of(args[1]);
        if (!Files.isDirectory(png)) {
            Originals originals = Originals.find("Fashion-MNIST", Path.of(args[0]));
            Objects.requireNonNull(originals, "Expected the four originals in the folder given.")
                    .writePng(png, CLASSES, "FashionMnist");
        }
        List<Path> sources = List.of(png, zipOf(png));
        double[][][] seconds = new double[sources.size()][2][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            for (int source = 0; source < sources.size(); source++) {
                DatasetDict data = PngFolder.open(sources.get(source));
                for (int workers = 1; workers <= 2; workers++) {
                    seconds[source][workers - 1][round] = read(data, workers);
                }
            }
        }
        for (int source = 0; source < sources.size(); source++) {
            double[] one = seconds[source][0];
            double[] two = seconds[source][1];
            double[] ratios = IntStream.range(0, ROUNDS)
                    .mapToDouble(round -> one[round] / two[round])
                    .sorted()
                    .toArray();
            double fastestOne = DoubleStream.of(one).min().orElseThrow();
            double fastestTwo = DoubleStream.of(two).min().orElseThrow();
            Print.line(
                    "decoding the training images from %s: 1 worker %.2f s, 2 workers %.2f s in the fastest round,"
                            + " %.2f times as fast; round by round %.2f times (%.2f to %.2f)",
                    source == 0 ? "a folder" : "a zip",
                    fastestOne,
                    fastestTwo,
                    fastestOne / fastestTwo,
                    ratios[ROUNDS / 2],
                    ratios[0],
                    ratios[ROUNDS - 1]);
        }
    }

    /** Written when missing. */
    private static Path zipOf(Path folder) {
        Path zip = folder.resolveSibling(folder.getFileName() + ".zip");
        if (!Files.exists(zip)) {
            try (ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(zip)));
                    Stream<Path> files = Files.walk(folder)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    out.putNextEntry(
                            new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
                    Files.copy(file, out);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return zip;
    }

    private static double read(DatasetDict data, int workers) {
        long start = System.nanoTime();
        try (DataLoader loader = DataLoader.of(data.train())
                .batchSize(BATCH)
                .workers(workers)
                .cache(0)
                .build()) {
            Workspace memory = new Workspace();
            Iterator<Batch> batches = loader.iterator();
            while (batches.hasNext()) {
                memory.release();
                try (Workspace.Entered inside = memory.enter()) {
                    batches.next();
                }
            }
            memory.release();
        }
        return Print.secondsSince(start);
    }
}
