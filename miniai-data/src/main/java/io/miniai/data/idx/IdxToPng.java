package io.miniai.data.idx;

import io.miniai.data.fault.Faults;
import io.miniai.data.image.PngEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Writes the images of IDX files as a PNG tree. */
public final class IdxToPng {
    private static final int CHUNK = 1000; // images for one thread

    private IdxToPng() {}

    /**
     * Writes every image as {@code <label>/<n>.png}, n being its number in the IDX file from 0, so that the order of
     * the original can be told from the names.
     *
     * @param images what to write
     * @param labels as many labels
     * @param folder receives the label folders; made if it is not there
     * @throws io.miniai.data.fault.DataException if the numbers differ or a file cannot be written
     */
    public static void write(IdxImages images, IdxLabels labels, Path folder) {
        if (images.count() != labels.count()) {
            throw Faults.idxCounts(images.file(), images.count(), labels.file(), labels.count());
        }
        makeFolders(labels, folder);
        IntStream.range(0, (images.count() + CHUNK - 1) / CHUNK)
                .parallel()
                .forEach(chunk -> write(images, labels, folder, chunk * CHUNK));
    }

    private static void makeFolders(IdxLabels labels, Path folder) {
        int[] used =
                IntStream.range(0, labels.count()).map(labels::label).distinct().toArray();
        try {
            for (int label : used) {
                Files.createDirectories(folder.resolve(Integer.toString(label)));
            }
        } catch (IOException e) {
            throw Faults.unwritable(folder.toString(), e);
        }
    }

    private static void write(IdxImages images, IdxLabels labels, Path folder, int from) {
        PngEncoder encoder = new PngEncoder(images.format());
        Path target = folder;
        try {
            for (int i = from; i < Math.min(images.count(), from + CHUNK); i++) {
                target = folder.resolve(Integer.toString(labels.label(i))).resolve(i + ".png");
                Files.write(
                        target,
                        encoder.encode(images.pixels(), i * images.format().bytes()));
            }
        } catch (IOException e) {
            throw Faults.unwritable(target.toString(), e);
        }
    }
}
