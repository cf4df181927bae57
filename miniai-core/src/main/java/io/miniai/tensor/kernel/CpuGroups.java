package io.miniai.tensor.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Convolution of several neighbouring output positions at once: the window is widened to cover the windows of a
 * group of {@code size} positions in a row, and the weight repeated for each, moved by a stride and with zeros around.
 *
 * <p>With few channels and outputs the matrices are so narrow that BLAS reaches a tenth of its speed and unfolding
 * costs more than multiplying. Multiplying with some zeros is cheaper: the columns of a group share most of their
 * pixels, and the product is wide. What a group gives, one row of {@code size·outputs}, is the channels-last image.
 *
 * <p>An infinite or NaN pixel makes NaN of the whole group, not only of the windows that it lies in.
 */
final class CpuGroups {
    private static final int LARGEST = 16;

    private CpuGroups() {}

    /** How many positions of a row are cheapest to compute together: a divisor of the output's width; often 1. */
    static int size(Geometry g, int outputs) {
        if (g.dilationW() != 1 || g.upsample() != 1) {
            return 1;
        }
        int best = 1;
        for (int size = 2; size <= Math.min(LARGEST, g.outW()); size++) {
            if (g.outW() % size == 0 && nanos(g, outputs, size) < nanos(g, outputs, best)) {
                best = size;
            }
        }
        return best;
    }

    /**
     * About what one output position costs, as measured (see CpuColumns for the two ways to unfold): a product
     * {@code [positions, k]·[k, n]} reaches {@code 70·n/(n + 12)·k/(k + 12)} flops a nanosecond.
     */
    private static double nanos(Geometry g, int outputs, int size) {
        int piece = windowWidth(g, size) * g.c();
        double unfolding = g.kernelH() * (piece < CpuColumns.SHORT_PIECE ? 1.3 * piece : 7 + 0.1 * piece);
        double n = size * (double) outputs;
        double k = g.kernelH() * (double) piece + 1;
        return (unfolding + (n + 12) * (k + 12) / 35) / size;
    }

    private static int windowWidth(Geometry g, int size) {
        return (size - 1) * g.strideW() + g.kernelW();
    }

    /** The same convolution, a group at a time. */
    static Geometry widened(Geometry g, int size) {
        return new Geometry(
                g.n(),
                g.c(),
                g.h(),
                g.w(),
                g.kernelH(),
                windowWidth(g, size),
                g.strideH(),
                g.strideW() * size,
                g.padH(),
                g.padW(),
                g.dilationH(),
                1,
                g.outH(),
                g.outW() / size);
    }

    /** A packed weight {@code [outputs, kH·kW·c + 1]} as the group's {@code [size·outputs, kH·windowWidth·c + 1]}. */
    static Array pack(Array packed, Geometry g, int size, Geometry wide) {
        int outputs = packed.size(0);
        int width = packed.size(1);
        int wideWidth = wide.patch() + 1;
        Scratch s = Scratch.get();
        float[] from = s.floats(0, outputs * width);
        CpuMemory.floats(packed).get(0, from, 0, outputs * width);
        int length = size * outputs * wideWidth;
        float[] to = s.floats(1, length);
        Arrays.fill(to, 0, length, 0f);
        int piece = g.kernelW() * g.c();
        int widePiece = wide.kernelW() * g.c();
        for (int row = 0; row < size * outputs; row++) {
            int first = row / outputs * g.strideW() * g.c();
            int own = row % outputs * width;
            for (int ky = 0; ky < g.kernelH(); ky++) {
                System.arraycopy(from, own + ky * piece, to, row * wideWidth + ky * widePiece + first, piece);
            }
            to[row * wideWidth + wideWidth - 1] = from[own + width - 1];
        }
        Array wideWeight = Array.allocate(DataType.FLOAT, size * outputs, wideWidth);
        CpuMemory.floats(wideWeight).put(0, to, 0, length);
        return wideWeight;
    }

    /**
     * The gradient of a group's weight, gathered into that of one position.
     *
     * @param wideSum {@code [kH·windowWidth·c + 1, size·outputs]}
     * @return {@code [1, kH·kW·c + 1, outputs]}
     */
    static Array gather(float[] wideSum, Geometry g, int size, int outputs) {
        int piece = g.kernelW() * g.c();
        int widePiece = windowWidth(g, size) * g.c();
        int rows = g.kernelH() * piece + 1;
        float[] sum = Scratch.get().floats(3, rows * outputs);
        Arrays.fill(sum, 0, rows * outputs, 0f);
        for (int row = 0; row < rows; row++) {
            boolean bias = row == rows - 1;
            int wideRow = bias ? g.kernelH() * widePiece : row / piece * widePiece + row % piece;
            for (int i = 0; i < size; i++) {
                int from = ((bias ? wideRow : wideRow + i * g.strideW() * g.c()) * size + i) * outputs;
                for (int o = 0; o < outputs; o++) {
                    sum[row * outputs + o] += wideSum[from + o];
                }
            }
        }
        Array gathered = Array.allocate(DataType.FLOAT, 1, rows, outputs);
        CpuMemory.floats(gathered).put(0, sum, 0, rows * outputs);
        return gathered;
    }
}
