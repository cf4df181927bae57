package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** Moves float32 values: in and out of Java, between memory orders, and pieces of arrays. */
final class CpuMemory {
    private static final int GRAIN = 64 * 1024;

    private CpuMemory() {}

    static void fill(Array dst, float value) {
        FloatBuffer to = floats(dst);
        int length = CpuElementwise.length(dst);
        float[] piece = Scratch.get().floats(0, Math.min(length, 2048));
        Arrays.fill(piece, 0, Math.min(length, 2048), value);
        for (int at = 0; at < length; at += 2048) {
            to.put(at, piece, 0, Math.min(2048, length - at));
        }
    }

    static void copy(Array src, Array dst) {
        FloatBuffer from = floats(src);
        FloatBuffer to = floats(dst);
        if (src.channelsLast() == dst.channelsLast()) {
            to.put(0, from, 0, CpuElementwise.length(src));
            return;
        }
        int c = src.size(1);
        int pixels = src.size(2) * src.size(3);
        int size = c * pixels;
        int rows = src.channelsLast() ? pixels : c;
        int columns = src.channelsLast() ? c : pixels;
        Workers.shared().run(src.size(0), GRAIN / size, (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] a = s.floats(0, size);
            float[] b = s.floats(1, size);
            for (int n = first; n < end; n++) {
                from.get(n * size, a, 0, size);
                CpuConvolution.transpose(a, rows, columns, b);
                to.put(n * size, b, 0, size);
            }
        });
    }

    /** Copies between a whole array and a part of another: {@code part[begin + i·step]} is {@code whole[i]}. */
    static void copyPart(Array whole, Array part, int[] begin, int[] step, boolean intoPart) {
        int rank = whole.rank();
        if (rank == 0) {
            floats(intoPart ? part : whole)
                    .put(0, floats(intoPart ? whole : part).get(0));
            return;
        }
        int run = whole.size(rank - 1);
        int stride = step[rank - 1];
        FloatBuffer w = floats(whole);
        FloatBuffer p = floats(part);
        int[] index = new int[rank];
        float[] row = Scratch.get().floats(0, run);
        long rows = whole.length() / run;
        for (long r = 0; r < rows; r++) {
            int at = 0;
            for (int d = 0; d < rank; d++) {
                at = at * part.size(d) + begin[d] + index[d] * step[d];
            }
            if (intoPart) {
                copyRow(w, (int) r * run, 1, p, at, stride, row, run);
            } else {
                copyRow(p, at, stride, w, (int) r * run, 1, row, run);
            }
            for (int d = rank - 2; d >= 0 && ++index[d] == whole.size(d); d--) {
                index[d] = 0;
            }
        }
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

    /** Where the memory starts, in bytes. */
    static long address(Array a) {
        return a.storage().block().address();
    }
}
