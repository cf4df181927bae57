package io.miniai.data.store;

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
