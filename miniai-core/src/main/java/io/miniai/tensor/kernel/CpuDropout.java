package io.miniai.tensor.kernel;

import java.nio.IntBuffer;

/** Which elements a dropout keeps: each by its own draw, wherever in memory it lies and whichever thread computes it. */
final class CpuDropout {
    private final long state;
    private final long dropped;
    private final int kept;
    private final Array out;

    /** Elements that are neighbours in memory, and how many draws these are apart. */
    private final int row;

    private final int step;

    private CpuDropout(long state, double p, Array out) {
        this.state = state;
        this.out = out;
        dropped = SplitMix.share53(p);
        kept = Float.floatToRawIntBits((float) (1 / (1 - p)));
        row = switch (out.order()) {
            case ROW_MAJOR -> CpuElementwise.length(out);
            case CHANNELS_LAST -> out.size(1);
            case BATCH_LAST -> out.size(0);
        };
        step = switch (out.order()) {
            case ROW_MAJOR -> 1;
            case CHANNELS_LAST -> out.size(2) * out.size(3);
            case BATCH_LAST -> out.size(1) * out.size(2) * out.size(3);
        };
    }

    static void mask(long state, double p, Array out) {
        CpuDropout dropout = new CpuDropout(state, p, out);
        IntBuffer to = CpuMemory.ints(out);
        CpuElementwise.eachPiece(CpuElementwise.length(out), CpuElementwise.GRAIN, (s, at, n) -> {
            int[] bits = s.ints(0, n);
            dropout.draw(at, n, bits);
            to.put(at, bits, 0, n);
        });
    }

    private void draw(int first, int n, int[] bits) {
        for (int i = 0; i < n; ) {
            int inRow = (first + i) % row;
            int count = Math.min(row - inRow, n - i);
            long draw = element((first + i) / row) + (long) inRow * step;
            long next = state + (draw + 1) * SplitMix.GOLDEN;
            for (int end = i + count; i < end; i++, next += step * SplitMix.GOLDEN) {
                // All ones if it is dropped: a choice would be a branch that no processor can foresee.
                int gone = (int) ((SplitMix.bits53(next) - dropped) >> 63);
                bits[i] = kept & ~gone;
            }
        }
    }

    /** The first element of a row, counted in row-major order. */
    private long element(int number) {
        return switch (out.order()) {
            case ROW_MAJOR -> 0;
            case CHANNELS_LAST -> {
                int pixels = out.size(2) * out.size(3);
                yield (long) number / pixels * row * pixels + number % pixels;
            }
            case BATCH_LAST -> {
                int channels = out.size(1);
                yield (long) number % channels * out.size(2) * out.size(3) + number / channels;
            }
        };
    }
}
