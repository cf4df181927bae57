package io.miniai.data;

import io.miniai.data.image.ImageFormat;
import io.miniai.data.image.PngDecoder;
import io.miniai.data.store.SampleFiles;
import java.util.List;

/** The PNG files of one split as images, decoded at every access. */
final class PngImages implements ImageDataset {
    private final SampleFiles files;
    private final ImageFormat format;
    private final List<String> classNames;
    private final int[] labelOfFolder;
    private final long maxPixels;

    PngImages(SampleFiles files, ImageFormat format, List<String> classNames, int[] labelOfFolder, long maxPixels) {
        this.files = files;
        this.format = format;
        this.classNames = classNames;
        this.labelOfFolder = labelOfFolder;
        this.maxPixels = maxPixels;
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public ImageFormat format() {
        return format;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public int label(int index) {
        return labelOfFolder[files.folder(index)];
    }

    @Override
    public String name(int index) {
        return files.name(index);
    }

    @Override
    public PixelReader open() {
        SampleFiles.Reader reader = files.open();
        PngDecoder decoder = new PngDecoder(maxPixels);
        return new PixelReader() {
            @Override
            public void read(int index, byte[] into, int offset) {
                int length = reader.read(index);
                decoder.decode(reader.buffer(), length, files.name(index), format, into, offset);
            }

            @Override
            public void close() {
                decoder.close();
                reader.close();
            }
        };
    }
}
