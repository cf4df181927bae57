package io.miniai.data.store;

import io.miniai.data.fault.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What is still believed of files that come from elsewhere; beyond it reading stops with a message.
 *
 * @param maxFiles files in a tree or entries in a zip
 * @param maxFileBytes bytes of one image file, unpacked
 * @param maxTotalBytes bytes of all entries of a zip, unpacked
 * @param maxPixels width × height of one image
 */
public record Limits(int maxFiles, long maxFileBytes, long maxTotalBytes, long maxPixels) {
    /** Ten million files, 64 MiB a file, 1 TiB a zip, 64 million pixels an image. */
    public static final Limits DEFAULT = new Limits(10_000_000, 64L << 20, 1L << 40, 1L << 26);

    /**
     * The size of a file that is about to be read.
     *
     * @param file where it is
     * @throws io.miniai.data.fault.DataException if there is no such file, it is a folder or a pipe, on which reading
     *     would wait for ever, or it is too large
     */
    public int checkedSize(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                throw Faults.notRegularFile(file.toString());
            }
            if (found.size() > maxFileBytes) {
                throw Faults.fileTooLarge(file.toString(), found.size(), maxFileBytes);
            }
            return (int) found.size();
        } catch (IOException e) {
            throw Faults.unreadable(file.toString(), e);
        }
    }

    /** Checks the numbers. */
    public Limits {
        if (maxFiles < 1 || maxFileBytes < 1 || maxTotalBytes < 1 || maxPixels < 1) {
            throw new IllegalArgumentException("limits: expected positive numbers, got " + maxFiles + " files, "
                    + maxFileBytes + " bytes a file, " + maxTotalBytes + " bytes in all, " + maxPixels + " pixels");
        }
        if (maxFileBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("maxFileBytes: expected less than 2 GiB, got " + maxFileBytes);
        }
    }
}
