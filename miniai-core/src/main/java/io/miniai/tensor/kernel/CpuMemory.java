package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/** Moves float32 values: in and out of Java, between memory orders, and pieces of arrays. */
final class CpuMemory {
    private static final int GRAIN = 64 * 1024;

    /** Floats that are worth a worker when they are copied in runs, each of which costs as much as some floats more. */
    private static final int RUN_GRAIN = 32 * 1024;

    private static final int RUN_COST = 64;

    /**
     * Images whose pixels are gathered at a time when they become batch-last. What is read and written in one place is
     * this long, as memory wants it; what lies between stays in the second-level cache.
     */
    static final int IMAGES = 256;

    /** How much of an image is copied at a time: an odd number of cache lines, so that images do not share them. */
    static final int PIECE = 25 * 16;

    private CpuMemory() {}

    static void fill(Array dst, float value) {
        FloatBuffer to = floats(dst);
        int length = CpuElementwise.length(dst);
        int most = Math.min(length, CpuElementwise.PIECE);
        float[] piece = Scratch.get().floats(0, most);
        Arrays.fill(piece, 0, most, value);
        for (int at = 0; at < length; at += most) {
            to.put(at, piece, 0, Math.min(most, length - at));
        }
    }

    static void copy(Array src, Array dst) {
        boolean intoBatch = dst.order() == Order.BATCH_LAST;
        if (src.order() == dst.order()) {
            floats(dst).put(0, floats(src), 0, CpuElementwise.length(src));
        } else if (intoBatch || src.order() == Order.BATCH_LAST) {
            copyBatchLast(intoBatch ? src : dst, intoBatch ? dst : src, intoBatch);
        } else {
            copyChannels(src, dst);
        }
    }

    /** Between row-major and channels-last. */
    private static void copyChannels(Array src, Array dst) {
        FloatBuffer from = floats(src);
        FloatBuffer to = floats(dst);
        boolean channelsLast = src.order() == Order.CHANNELS_LAST;
        int c = src.size(1);
        int pixels = src.size(2) * src.size(3);
        int size = c * pixels;
        int rows = channelsLast ? pixels : c;
        int columns = channelsLast ? c : pixels;
        Workers.shared().run(src.size(0), GRAIN / size, (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] a = s.floats(0, size);
            float[] b = s.floats(1, size);
            for (int n = first; n < end; n++) {
                from.get(n * size, a, 0, size);
                CpuConvolution.transpose(a, 0, rows, columns, b, 0);
                to.put(n * size, b, 0, size);
            }
        });
    }

    /** Between images one by one, in either order, and batch-last. */
    private static void copyBatchLast(Array images, Array batchLast, boolean intoBatch) {
        int size = images.size(1) * images.size(2) * images.size(3);
        eachBlock(images.size(0), size, (first, count, start, length) -> {
            if (intoBatch) {
                intoBatchLast(images, batchLast, first, count, start, length);
            } else {
                outOfBatchLast(batchLast, images, first, count, start, length);
            }
        });
    }

    /** What is done with numbers {@code start} to {@code start + length} of {@code count} images, {@code first} the first. */
    interface ImageBlock {
        void run(int first, int count, int start, int length);
    }

    /**
     * Shares images of a size among the workers, a piece of some images at a time, the first pieces of all images first, so
     * that a thread writes the rows that it will read in a convolution.
     */
    static void eachBlock(int images, int size, ImageBlock body) {
        int pieces = (size + PIECE - 1) / PIECE;
        int blocks = (images + IMAGES - 1) / IMAGES;
        int parts = Workers.shared().smallParts(blocks * pieces, RUN_GRAIN / (Math.min(images, IMAGES) * PIECE));
        Workers.shared().runParts(blocks * pieces, parts, (part, from, end) -> {
            for (int item = from; item < end; item++) {
                int first = item % blocks * IMAGES;
                int start = item / blocks * PIECE;
                body.run(first, Math.min(IMAGES, images - first), start, Math.min(PIECE, size - start));
            }
        });
    }

    private static void intoBatchLast(Array images, Array batchLast, int first, int count, int start, int length) {
        int size = images.size(1) * images.size(2) * images.size(3);
        float[] some = Scratch.get().floats(0, IMAGES * PIECE);
        float[] pixel = Scratch.get().floats(1, IMAGES);
        for (int k = 0; k < count; k++) {
            floats(images).get((first + k) * size + start, some, k * PIECE, length);
        }
        for (int i = 0; i < length; i++) {
            CpuConvolution.gather(some, i, PIECE, pixel, 0, count);
            floats(batchLast).put(at(start + i, images) * images.size(0) + first, pixel, 0, count);
        }
    }

    private static void outOfBatchLast(Array batchLast, Array images, int first, int count, int start, int length) {
        int size = images.size(1) * images.size(2) * images.size(3);
        float[] some = Scratch.get().floats(0, IMAGES * PIECE);
        float[] pixel = Scratch.get().floats(1, IMAGES);
        for (int i = 0; i < length; i++) {
            floats(batchLast).get(at(start + i, images) * images.size(0) + first, pixel, 0, count);
            CpuConvolution.scatter(pixel, 0, count, some, i, PIECE);
        }
        for (int k = 0; k < count; k++) {
            floats(images).put((first + k) * size + start, some, k * PIECE, length);
        }
    }

    /** Where in batch-last memory the {@code i}-th number in memory of each image has its place. */
    private static int at(int i, Array images) {
        if (images.order() == Order.CHANNELS_LAST) {
            return i;
        }
        int pixels = images.size(2) * images.size(3);
        return i % pixels * images.size(1) + i / pixels;
    }

    /** Copies between a whole array and a part of another: {@code part[begin + i·step]} is {@code whole[i]}. */
    static void copyPart(Array whole, Array part, int[] begin, int[] step, boolean intoPart) {
        int rank = whole.rank();
        if (rank == 0) {
            floats(intoPart ? part : whole)
                    .put(0, floats(intoPart ? whole : part).get(0));
            return;
        }
        // The innermost dimensions that are copied whole make one run with the next, if that goes step by step.
        int inner = rank - 1;
        while (inner > 0 && step[inner] == 1 && part.size(inner) == whole.size(inner) && step[inner - 1] == 1) {
            inner--;
        }
        int below = 1;
        for (int d = inner + 1; d < rank; d++) {
            below *= whole.size(d);
        }
        int run = whole.size(inner) * below;
        int last = inner;
        int unit = below;
        int stride = step[inner];
        FloatBuffer w = floats(whole);
        FloatBuffer p = floats(part);
        int rows = Math.toIntExact(whole.length() / run);
        Workers.shared().run(rows, Math.max(1, RUN_GRAIN / (run + RUN_COST)), (number, from, end) -> {
            float[] row = Scratch.get().floats(0, run);
            for (int r = from; r < end; r++) {
                int at = 0;
                int rest = r;
                int size = unit;
                for (int d = last; d >= 0; d--) {
                    int index = d == last ? 0 : rest % whole.size(d);
                    rest = d == last ? rest : rest / whole.size(d);
                    at += (begin[d] + index * step[d]) * size;
                    size *= part.size(d);
                }
                if (intoPart) {
                    copyRow(w, r * run, 1, p, at, stride, row, run);
                } else {
                    copyRow(p, at, stride, w, r * run, 1, row, run);
                }
            }
        });
    }

    /** Through a Java array: copying from buffer to buffer costs ten times as much for short rows. */
    private static void copyRow(
            FloatBuffer from, int at, int fromStep, FloatBuffer to, int toAt, int toStep, float[] row, int n) {
        if (fromStep == 1) {
            from.get(at, row, 0, n);
        } else {
            for (int i = 0; i < n; i++) {
                row[i] = from.get(at + i * fromStep);
            }
        }
        if (toStep == 1) {
            to.put(toAt, row, 0, n);
        } else {
            for (int i = 0; i < n; i++) {
                to.put(toAt + i * toStep, row[i]);
            }
        }
    }

    static FloatBuffer floats(Array a) {
        return a.storage().block().floats();
    }

    static IntBuffer ints(Array a) {
        return a.storage().block().ints();
    }

    /** Where the memory starts, in bytes. */
    static long address(Array a) {
        return a.storage().block().address();
    }
}
