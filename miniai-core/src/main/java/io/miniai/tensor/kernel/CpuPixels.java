package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;

/** Bytes of images into floats, by a table for each channel. */
final class CpuPixels {
    /** Numbers that are worth a worker. */
    private static final int GRAIN = 32 * 1024;

    /** Numbers converted at a time where they stay in their order. */
    private static final int ROW = 2048;

    private CpuPixels() {}

    /** Into row-major memory. */
    static void lookup(byte[][] images, int[] starts, float[][] values, Array out) {
        FloatBuffer to = CpuMemory.floats(out);
        int channels = values.length;
        int plane = out.size(2) * out.size(3);
        Workers.shared().run(images.length * channels, GRAIN / plane, (part, from, end) -> {
            float[] row = Scratch.get().floats(0, ROW);
            for (int number = from; number < end; number++) {
                byte[] image = images[number / channels];
                int start = starts[number / channels] + number % channels * plane;
                for (int at = 0; at < plane; at += ROW) {
                    int count = Math.min(ROW, plane - at);
                    lookup(image, start + at, values[number % channels], row, 0, count);
                    to.put(number * plane + at, row, 0, count);
                }
            }
        });
    }

    /** Into batch-last memory. */
    static void lookupBatchLast(byte[][] images, int[] starts, float[][] values, Array out) {
        int size = values.length * out.size(2) * out.size(3);
        CpuMemory.eachBlock(images.length, size, (first, count, start, length) -> {
            byte[] block = Scratch.get().bytes(CpuMemory.IMAGES * CpuMemory.PIECE);
            for (int k = 0; k < count; k++) {
                System.arraycopy(images[first + k], starts[first + k] + start, block, k * length, length);
            }
            writeBlock(block, count, start, length, values, out, first);
        });
    }

    /** Bytes {@code start} to {@code start + length} of {@code count} images, which are in the batch from {@code first} on. */
    private static void writeBlock(
            byte[] block, int count, int start, int length, float[][] values, Array out, int first) {
        FloatBuffer to = CpuMemory.floats(out);
        float[] pixel = Scratch.get().floats(0, CpuMemory.IMAGES);
        int plane = out.size(2) * out.size(3);
        for (int i = 0; i < length; i++) {
            int channel = (start + i) / plane;
            int row = (start + i) % plane * values.length + channel;
            gather(block, i, length, values[channel], pixel, count);
            to.put(row * out.size(0) + first, pixel, 0, count);
        }
    }

    /** Neighbours. */
    static void lookup(byte[] bytes, int from, float[] table, float[] floats, int to, int count) {
        for (int k = 0; k < count; k++) {
            floats[to + k] = table[bytes[from + k] & 0xff];
        }
    }

    private static void gather(byte[] bytes, int from, int step, float[] table, float[] row, int count) {
        for (int k = 0; k < count; k++) {
            row[k] = table[bytes[from + k * step] & 0xff];
        }
    }
}
