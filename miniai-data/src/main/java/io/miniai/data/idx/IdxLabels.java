package io.miniai.data.idx;

import io.miniai.data.fault.Faults;
import java.nio.file.Path;

/** The labels of an IDX file, raw or gzipped. */
public final class IdxLabels {
    private final String file;
    private final byte[] labels;

    private IdxLabels(String file, byte[] labels) {
        this.file = file;
        this.labels = labels;
    }

    /**
     * Reads a file of unsigned bytes with one dimension.
     *
     * @param file its path
     * @param classes labels must be below this number
     * @throws io.miniai.data.fault.DataException if the header says anything else, the file does not hold exactly
     *     what it says, or a label is too large
     */
    public static IdxLabels read(Path file, int classes) {
        byte[] labels = IdxData.read(file, 1).bytes();
        for (int i = 0; i < labels.length; i++) {
            if ((labels[i] & 0xff) >= classes) {
                throw Faults.idxLabel(file.toString(), i, labels[i] & 0xff, classes);
            }
        }
        return new IdxLabels(file.toString(), labels);
    }

    /** The file's path. */
    public String file() {
        return file;
    }

    /** The number of labels. */
    public int count() {
        return labels.length;
    }

    /** The label of this number. */
    public int label(int index) {
        return labels[index] & 0xff;
    }
}
