package io.miniai.data.idx;

import io.miniai.data.fault.Faults;
import io.miniai.data.store.UnfinishedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The four IDX files of MNIST or of a dataset published in its way.
 *
 * @param trainImages 60,000 images as a rule
 * @param trainLabels as many labels
 * @param testImages 10,000 images as a rule
 * @param testLabels as many labels
 */
public record Originals(Path trainImages, Path trainLabels, Path testImages, Path testLabels) {
    private static final Logger LOG = LoggerFactory.getLogger(Originals.class);
    private static final List<String> NAMES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

    /** Says in a tree which dataset it was made for: all of them are published under the same names. */
    private static final String NAME_FILE = "dataset.txt";

    /**
     * Finds them in a folder, with or without {@code .gz}.
     *
     * @param dataset what they belong to, for messages
     * @param dir where to look
     * @return null if none is there
     * @throws io.miniai.data.fault.DataException if some are there, but not all
     */
    public static @Nullable Originals find(String dataset, Path dir) {
        if (NAMES.stream().allMatch(name -> existing(dir, name) == null)) {
            return null;
        }
        return new Originals(
                required(dataset, dir, NAMES.get(0)),
                required(dataset, dir, NAMES.get(1)),
                required(dataset, dir, NAMES.get(2)),
                required(dataset, dir, NAMES.get(3)));
    }

    private static Path required(String dataset, Path dir, String name) {
        Path path = existing(dir, name);
        if (path == null) {
            throw Faults.originalMissing(dataset, dir.resolve(name + ".gz").toString());
        }
        return path;
    }

    private static @Nullable Path existing(Path dir, String name) {
        Path gzip = dir.resolve(name + ".gz");
        Path raw = dir.resolve(name);
        return Files.isRegularFile(gzip) ? gzip : Files.isRegularFile(raw) ? raw : null;
    }

    /**
     * For which dataset a tree was written.
     *
     * @return null if it does not say so
     */
    public static @Nullable String writtenFor(Path tree) {
        Path file = tree.resolve(NAME_FILE);
        try {
            return Files.isRegularFile(file) ? Files.readString(file).strip() : null;
        } catch (IOException e) {
            throw Faults.unreadable(file.toString(), e);
        }
    }

    /**
     * Writes all images as a PNG tree, {@code train/<label>/<n>.png} and {@code test/<label>/<n>.png}, that appears
     * under its name only when it is complete. Of two processes that do this at once one wins, and both have a tree.
     *
     * @param target the tree to make
     * @param classes number of labels
     * @param dataset what they belong to, for {@link #writtenFor}
     * @throws io.miniai.data.fault.DataException if a file is not what it should be, or the tree cannot be written
     */
    public void writePng(Path target, int classes, String dataset) {
        IdxImages train = IdxImages.read(trainImages);
        IdxLabels trainBy = IdxLabels.read(trainLabels, classes);
        IdxImages test = IdxImages.read(testImages);
        IdxLabels testBy = IdxLabels.read(testLabels, classes);
        if (!train.format().equals(test.format())) {
            throw Faults.wrongIdxSize(
                    test.file(), train.format().toString(), test.format().toString());
        }
        LOG.info("Writing {} PNG files to {}, once", train.count() + test.count(), target);
        Path unfinished = UnfinishedPath.beside(target);
        try {
            IdxToPng.write(train, trainBy, unfinished.resolve("train"));
            IdxToPng.write(test, testBy, unfinished.resolve("test"));
            Files.writeString(unfinished.resolve(NAME_FILE), dataset);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(target)) {
                throw Faults.unwritable(target.toString(), e);
            }
            LOG.info("Another process has just made {}; using that", target);
        } finally {
            UnfinishedPath.delete(unfinished);
        }
    }
}
