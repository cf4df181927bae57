package io.miniai.data;

import io.miniai.data.image.ImageFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the images of a dataset.
 *
 * @param source all of them
 * @param chosen the numbers of those that are in
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SelectedImages(ImageDataset source, int[] chosen) implements ImageDataset {
    @Override
    public int size() {
        return chosen.length;
    }

    @Override
    public ImageFormat format() {
        return source.format();
    }

    @Override
    public List<String> classNames() {
        return source.classNames();
    }

    @Override
    public int label(int index) {
        return source.label(chosen[index]);
    }

    @Override
    public String name(int index) {
        return source.name(chosen[index]);
    }

    @Override
    public @Nullable StoredImage stored(int index) {
        return source.stored(chosen[index]);
    }

    @Override
    public PixelReader open() {
        PixelReader reader = source.open();
        return new PixelReader() {
            @Override
            public void read(int index, byte[] into, int offset) {
                reader.read(chosen[index], into, offset);
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
