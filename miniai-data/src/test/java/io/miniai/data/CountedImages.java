package io.miniai.data;

import io.miniai.data.image.ImageFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Images of 2×2 pixels that hold their own number, and remember who read them; reading can be made to fail. */
final class CountedImages implements ImageDataset {
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final Set<Thread> labelThreads = ConcurrentHashMap.newKeySet();
    private final int size;
    private final IntConsumer beforeRead;

    CountedImages(int size) {
        this(size, index -> {});
    }

    CountedImages(int size, IntConsumer beforeRead) {
        this.size = size;
        this.beforeRead = beforeRead;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public ImageFormat format() {
        return new ImageFormat(1, 2, 2);
    }

    @Override
    public List<String> classNames() {
        return List.of("even", "odd");
    }

    @Override
    public int label(int index) {
        labelThreads.add(Thread.currentThread());
        return index % 2;
    }

    @Override
    public String name(int index) {
        return "counted/" + index + ".png";
    }

    @Override
    public PixelReader open() {
        open.incrementAndGet();
        return new PixelReader() {
            @Override
            public void read(int index, byte[] into, int offset) {
                threads.add(Thread.currentThread());
                beforeRead.accept(index);
                reads.incrementAndGet();
                into[offset] = (byte) index;
                into[offset + 1] = (byte) (index >> 8);
                into[offset + 2] = 0;
                into[offset + 3] = (byte) 255;
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }
}
