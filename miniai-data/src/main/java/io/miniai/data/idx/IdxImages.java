package io.miniai.data.idx;

import io.miniai.data.image.ImageFormat;
import java.nio.file.Path;

/** The grey images of an IDX file, raw or gzipped. */
public final class IdxImages {
    private final String file;
    private final int count;
    private final ImageFormat format;
    private final byte[] pixels;

    private IdxImages(String file, int count, ImageFormat format, byte[] pixels) {
        this.file = file;
        this.count = count;
        this.format = format;
        this.pixels = pixels;
    }

    /**
     * Reads a file of unsigned bytes with three dimensions.
     *
     * @throws io.miniai.data.fault.DataException if the header says anything else, or the file does not hold
     *     exactly what it says
     */
    public static IdxImages read(Path file) {
        IdxData data = IdxData.read(file, 3);
        return new IdxImages(file.toString(), data.dim(0), new ImageFormat(1, data.dim(1), data.dim(2)), data.bytes());
    }

    /** The file's path. */
    public String file() {
        return file;
    }

    /** The number of images. */
    public int count() {
        return count;
    }

    /** The size of each. */
    public ImageFormat format() {
        return format;
    }

    /** All pixels, {@code [N, H, W]}; not copied. */
    public byte[] pixels() {
        return pixels;
    }
}
