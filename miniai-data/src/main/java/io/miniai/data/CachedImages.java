package io.miniai.data;

import io.miniai.data.image.ImageFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps decoded images as bytes, in a few large arrays, up to a bound: the first samples that fit, so that what is
 * kept never changes and nothing has to be evicted.
 */
final class CachedImages implements ImageDataset {
    private static final VarHandle KEPT = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final int SLAB_BYTES = 16 << 20;

    private final ImageDataset source;
    private final int imageBytes;
    private final int imagesPerSlab;
    private final byte[] kept; // 1 once the pixels of a sample are in its slab
    private final AtomicReferenceArray<byte @Nullable []> slabs;

    CachedImages(ImageDataset source, long maxBytes) {
        this.source = source;
        imageBytes = source.format().bytes();
        imagesPerSlab = Math.max(1, SLAB_BYTES / imageBytes);
        kept = new byte[(int) Math.min(source.size(), maxBytes / imageBytes)];
        slabs = new AtomicReferenceArray<>((kept.length + imagesPerSlab - 1) / imagesPerSlab);
    }

    private byte[] slab(int index) {
        int number = index / imagesPerSlab;
        byte[] slab = slabs.get(number);
        if (slab != null) {
            return slab;
        }
        int images = Math.min(imagesPerSlab, kept.length - number * imagesPerSlab);
        slabs.compareAndSet(number, null, new byte[images * imageBytes]);
        return slab(index);
    }

    @Override
    public @Nullable StoredImage stored(int index) {
        if (index < kept.length && (byte) KEPT.getAcquire(kept, index) == 1) {
            return new StoredImage(slab(index), index % imagesPerSlab * imageBytes);
        }
        return source.stored(index);
    }

    @Override
    public PixelReader open() {
        return new Reader();
    }

    /** Opens the source only when a sample is not kept yet: a later epoch touches no file. */
    private final class Reader implements PixelReader {
        private @Nullable PixelReader opened;

        @Override
        public void read(int index, byte[] into, int offset) {
            StoredImage stored = stored(index);
            if (stored != null) {
                System.arraycopy(stored.array(), stored.start(), into, offset, imageBytes);
                return;
            }
            if (opened == null) {
                opened = source.open();
            }
            opened.read(index, into, offset);
            if (index < kept.length) {
                // Two threads may do this at once: they write the same bytes.
                System.arraycopy(into, offset, slab(index), index % imagesPerSlab * imageBytes, imageBytes);
                KEPT.setRelease(kept, index, (byte) 1);
            }
        }

        @Override
        public void close() {
            if (opened != null) {
                opened.close();
            }
        }
    }

    @Override
    public int size() {
        return source.size();
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
        return source.label(index);
    }

    @Override
    public String name(int index) {
        return source.name(index);
    }
}
