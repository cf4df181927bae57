package io.miniai.data;

import io.miniai.data.fault.Faults;
import io.miniai.data.image.ImageFormat;
import io.miniai.data.image.PngHeader;
import io.miniai.data.store.ImageTree;
import io.miniai.data.store.Limits;
import io.miniai.data.store.SampleFiles;
import io.miniai.data.store.Split;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dataset as a tree of PNG files, in a folder or in a zip: {@code train/<label>/<file>.png}, and the same below
 * {@code valid} or {@code test} ({@code training}, {@code validation}, {@code val} and {@code testing} are
 * understood too).
 *
 * <pre>{@code
 * DatasetDict pets = PngFolder.open(Path.of("data/pets"));
 * DatasetDict grey = PngFolder.at(Path.of("data/pets.zip")).channels(1).open();
 * }</pre>
 *
 * <p>Samples are sorted by file name in natural order (9.png before 10.png), files of the same name by label.
 * Labels number the folders of {@code train} in natural order, so 0 … 9 mean what they say. All images have the
 * size of the first; grey or colour is taken from it too, unless {@link #channels} says otherwise.
 */
public final class PngFolder {
    private final Path root;
    private int channels;
    private @Nullable List<String> classNames;
    private Limits limits = Limits.DEFAULT;

    private PngFolder(Path root) {
        this.root = root;
    }

    /**
     * Opens a dataset as it stands.
     *
     * @param root the folder that holds {@code train}, or a zip of it
     * @throws io.miniai.data.fault.DataException if it is no such tree
     */
    public static DatasetDict open(Path root) {
        return at(root).open();
    }

    /** Begins to describe a dataset whose details differ; {@link #open()} opens it. */
    public static PngFolder at(Path root) {
        return new PngFolder(root);
    }

    /** Reads all images as grey (1) or as colour (3), whatever the files hold. */
    public PngFolder channels(int count) {
        if (count != 1 && count != 3) {
            throw new IllegalArgumentException("channels: expected 1 (grey) or 3 (colour), got " + count);
        }
        channels = count;
        return this;
    }

    /** Names the classes by label; folders are named by label or by class, and may be missing. */
    public PngFolder classNames(List<String> names) {
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("classNames: expected each name once, got " + names);
        }
        classNames = List.copyOf(names);
        return this;
    }

    /** Changes what is still believed of the files. */
    public PngFolder limits(Limits changed) {
        limits = changed;
        return this;
    }

    /**
     * Lists the files and reads the first image of each part; all others are read when they are asked for.
     *
     * @throws io.miniai.data.fault.DataException if it is no such tree, or a first image cannot be read, or has another size
     */
    public DatasetDict open() {
        Map<Split, SampleFiles> splits = ImageTree.list(root, limits);
        SampleFiles train = splits.get(Split.TRAIN);
        if (train == null) {
            throw Faults.noTrainFolder(root.toString(), List.of());
        }
        PngHeader header = first(train);
        ImageFormat format =
                new ImageFormat(channels == 0 ? header.channels() : channels, header.height(), header.width());
        SampleFiles valid = splits.get(Split.VALID);
        SampleFiles test = splits.get(Split.TEST);
        return new DatasetDict(
                images(train, train, format),
                valid == null ? null : images(valid, train, format),
                test == null ? null : images(test, train, format));
    }

    private PngHeader first(SampleFiles files) {
        try (SampleFiles.Reader reader = files.open()) {
            int length = reader.read(0);
            return PngHeader.read(reader.buffer(), length, files.name(0), limits.maxPixels());
        }
    }

    private ImageDataset images(SampleFiles files, SampleFiles train, ImageFormat format) {
        PngHeader first = first(files);
        if (first.height() != format.height() || first.width() != format.width()) {
            throw Faults.wrongSize(files.name(0), format.height(), format.width(), first.height(), first.width());
        }
        List<String> names = classNames != null ? classNames : train.folders();
        int[] labels = new int[files.folders().size()];
        for (int folder = 0; folder < labels.length; folder++) {
            labels[folder] = label(files.folders().get(folder), names);
            if (labels[folder] < 0 || labels[folder] >= names.size()) {
                throw Faults.unknownClass(files.folderName(folder), names);
            }
        }
        return new PngImages(files, format, names, labels, limits.maxPixels());
    }

    private int label(String folder, List<String> names) {
        boolean numbered = classNames != null && !names.contains(folder) && folder.matches("[0-9]{1,9}");
        return numbered ? Integer.parseInt(folder) : names.indexOf(folder);
    }
}
