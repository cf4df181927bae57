package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/** Reductions and losses on float32 memory; sums are added up in double, each part's in its own place. */
final class CpuReductions {
    private static final int GRAIN = 32 * 1024;
    private static final int PIECE = CpuElementwise.PIECE;
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    /** A term of a sum over pairs of elements. */
    interface Terms {
        double sum(float[] x, float[] y, int n);
    }

    /** Rows shorter than this are not worth a copy of their own. */
    private static final int SHORT = 512;

    private CpuReductions() {}

    /** Over dimensions in whatever place: those that lie side by side in memory at once, the innermost first. */
    static void reduce(Reduce op, Array x, int[] dims, Array out) {
        int[] axes = Arrays.stream(dims).map(x.order()::axis).sorted().toArray();
        Array from = x.inMemoryOrder();
        for (int end = axes.length; end > 0; ) {
            int first = end - 1;
            while (first > 0 && axes[first - 1] == axes[first] - 1) {
                first--;
            }
            int[] neighbours = Arrays.copyOfRange(axes, first, end);
            Array to = first == 0 ? out.inMemoryOrder() : withoutSizes(from, neighbours);
            reduceNeighbours(op, from, neighbours, to);
            from = to;
            end = first;
        }
    }

    private static Array withoutSizes(Array from, int[] axes) {
        int[] shape = from.shape().clone();
        for (int axis : axes) {
            shape[axis] = 1;
        }
        return Array.allocate(DataType.FLOAT, shape);
    }

    /** Memory is [outer, reduced, inner]. */
    private static void reduceNeighbours(Reduce op, Array x, int[] dims, Array out) {
        int reduced = 1;
        for (int d : dims) {
            reduced *= x.size(d);
        }
        int inner = 1;
        for (int d = dims[dims.length - 1] + 1; d < x.rank(); d++) {
            inner *= x.size(d);
        }
        int outer = CpuElementwise.length(x) / (reduced * inner);
        int rows = reduced;
        int width = inner;
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        Workers.shared().run(outer, GRAIN / (rows * width), (part, first, end) -> {
            for (int o = first; o < end; o++) {
                if (width == 1) {
                    to.put(o, reduceRow(op, from, o * rows, rows));
                } else {
                    reduceRows(op, from, o * rows * width, rows, width, to, o * width);
                }
            }
        });
    }

    private static float reduceRow(Reduce op, FloatBuffer from, int at, int n) {
        float[] x = Scratch.get().floats(0, PIECE);
        boolean sum = op == Reduce.SUM || op == Reduce.MEAN;
        double total = 0;
        float extreme = from.get(at);
        for (int i = 0; i < n; i += PIECE) {
            int length = Math.min(PIECE, n - i);
            from.get(at + i, x, 0, length);
            if (sum) {
                total += sum(x, length);
            } else {
                for (int j = 0; j < length; j++) {
                    extreme = op == Reduce.MAX ? Math.max(extreme, x[j]) : Math.min(extreme, x[j]);
                }
            }
        }
        return sum ? (float) (op == Reduce.MEAN ? total / n : total) : extreme;
    }

    private static double sum(float[] x, int n) {
        return sum(x, 0, n);
    }

    /** Four running sums, because one would wait for its last addition. */
    private static double sum(float[] x, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
        }
        for (; i < to; i++) {
            a += x[i];
        }
        return (a + b) + (c + d);
    }

    /** By the bits: the exponent of NaN and the infinities is all ones, so their magnitudes are the largest integers. */
    static boolean isFinite(Array x) {
        IntBuffer from = CpuMemory.ints(x);
        int length = CpuElementwise.length(x);
        int[] largest = new int[Workers.shared().parts(length, GRAIN)];
        Workers.shared().runParts(length, largest.length, (part, first, end) -> {
            int[] bits = Scratch.get().ints(0, PIECE);
            int most = 0;
            for (int at = first; at < end; at += PIECE) {
                int n = Math.min(PIECE, end - at);
                from.get(at, bits, 0, n);
                for (int i = 0; i < n; i++) {
                    most = Math.max(most, bits[i] & Integer.MAX_VALUE);
                }
            }
            largest[part] = most;
        });
        int most = 0;
        for (int l : largest) {
            most = Math.max(most, l);
        }
        return most < INFINITY;
    }

    /** Narrow rows are added several at a time, side by side, and their sums at the end. */
    private static double[] columnSums(FloatBuffer from, int at, int rows, int width, Scratch s) {
        int lanes = Math.max(1, Math.min(rows, SHORT / width)) * width;
        float[] piece = s.floats(0, lanes);
        double[] total = s.doubles(lanes);
        Arrays.fill(total, 0, lanes, 0);
        int length = rows * width;
        for (int i = 0; i < length; i += lanes) {
            int n = Math.min(lanes, length - i);
            from.get(at + i, piece, 0, n);
            for (int j = 0; j < n; j++) {
                total[j] += piece[j];
            }
        }
        for (int j = width; j < lanes; j++) {
            total[j % width] += total[j];
        }
        return total;
    }

    private static void reduceRows(Reduce op, FloatBuffer from, int at, int rows, int width, FloatBuffer to, int out) {
        Scratch s = Scratch.get();
        float[] row = s.floats(0, width);
        from.get(at, row, 0, width);
        if (op == Reduce.SUM || op == Reduce.MEAN) {
            double[] total = columnSums(from, at, rows, width, s);
            for (int i = 0; i < width; i++) {
                row[i] = (float) (op == Reduce.MEAN ? total[i] / rows : total[i]);
            }
            to.put(out, row, 0, width);
            return;
        }
        float[] extreme = s.floats(1, width);
        System.arraycopy(row, 0, extreme, 0, width);
        for (int r = 1; r < rows; r++) {
            from.get(at + r * width, row, 0, width);
            for (int i = 0; i < width; i++) {
                extreme[i] = op == Reduce.MAX ? Math.max(extreme[i], row[i]) : Math.min(extreme[i], row[i]);
            }
        }
        to.put(out, extreme, 0, width);
    }

    /** The mean of terms over pairs of elements. */
    static void meanOfTerms(Array a, Array b, Array loss, Terms terms) {
        int n = CpuElementwise.length(a);
        FloatBuffer left = CpuMemory.floats(a);
        FloatBuffer right = CpuMemory.floats(b);
        double total = sumOfParts(n, GRAIN, (first, end) -> {
            Scratch s = Scratch.get();
            float[] x = s.floats(0, PIECE);
            float[] y = s.floats(1, PIECE);
            double sum = 0;
            for (int at = first; at < end; at += PIECE) {
                int length = Math.min(PIECE, end - at);
                left.get(at, x, 0, length);
                right.get(at, y, 0, length);
                sum += terms.sum(x, y, length);
            }
            return sum;
        });
        CpuMemory.floats(loss).put(0, (float) (total / n));
    }

    private interface PartSum {
        double of(int from, int to);
    }

    private static double sumOfParts(int n, int grain, PartSum sum) {
        double[] sums = new double[Workers.shared().parts(n, grain)];
        Workers.shared().runParts(n, sums.length, (part, from, to) -> sums[part] = sum.of(from, to));
        double total = 0;
        for (double s : sums) {
            total += s;
        }
        return total;
    }

    static double squares(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = (x[i] - y[i]) * (x[i] - y[i]);
        }
        return sum(x, n);
    }

    static double distances(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = Math.abs(x[i] - y[i]);
        }
        return sum(x, n);
    }

    /** Softmax or its logarithm of every row. */
    static void softmax(Array x, int width, boolean log, Array out) {
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        int some = Math.max(1, PIECE / width);
        Workers.shared().run(CpuElementwise.length(x) / width, GRAIN / (16 * width), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] rows = s.floats(0, some * width);
            double[] logSums = s.doubles(some);
            for (int r = first; r < end; r += some) {
                int count = Math.min(some, end - r);
                from.get(r * width, rows, 0, count * width);
                subtractLargest(rows, count, width);
                softmaxRows(rows, count, width, log, logSums, s);
                to.put(r * width, rows, 0, count * width);
            }
        });
    }

    /**
     * In place, of rows whose largest value is 0 ({@link #subtractLargest}). Writes log Σ exp(x) of each row into {@code
     * logSums}.
     */
    private static void softmaxRows(float[] x, int rows, int width, boolean log, double[] logSums, Scratch s) {
        float[] powers = s.floats(1, rows * width);
        System.arraycopy(x, 0, powers, 0, rows * width);
        CpuMath.exp(powers, rows * width);
        for (int r = 0; r < rows; r++) {
            double sum = sum(powers, r * width, (r + 1) * width);
            logSums[r] = Math.log(sum);
            if (log) {
                shift(x, r * width, (r + 1) * width, -logSums[r]);
            } else {
                scale(powers, r * width, (r + 1) * width, 1 / sum, x);
            }
        }
    }

    private static void shift(float[] x, int from, int to, double by) {
        for (int i = from; i < to; i++) {
            x[i] = (float) (x[i] + by);
        }
    }

    private static void scale(float[] x, int from, int to, double factor, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = (float) (x[i] * factor);
        }
    }

    /** From each number the largest of its row: first, so that logits of any size keep their differences. */
    private static void subtractLargest(float[] x, int rows, int width) {
        for (int r = 0; r < rows; r++) {
            subtractLargestOf(x, r * width, r * width + width);
        }
    }

    private static void subtractLargestOf(float[] x, int from, int to) {
        float largest = x[from];
        for (int i = from + 1; i < to; i++) {
            largest = Math.max(largest, x[i]);
        }
        for (int i = from; i < to; i++) {
            x[i] -= largest;
        }
    }

    static void softmaxGrad(Array y, Array dy, int width, boolean log, Array dx) {
        FloatBuffer outputs = CpuMemory.floats(y);
        FloatBuffer from = CpuMemory.floats(dy);
        FloatBuffer to = CpuMemory.floats(dx);
        Workers.shared().run(CpuElementwise.length(y) / width, GRAIN / (8 * width), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] p = s.floats(0, width);
            float[] g = s.floats(1, width);
            for (int r = first; r < end; r++) {
                outputs.get(r * width, p, 0, width);
                from.get(r * width, g, 0, width);
                double sum = 0;
                for (int i = 0; i < width; i++) {
                    sum += log ? g[i] : g[i] * p[i];
                }
                for (int i = 0; i < width; i++) {
                    g[i] = (float) (log ? g[i] - Math.exp(p[i]) * sum : p[i] * (g[i] - sum));
                }
                to.put(r * width, g, 0, width);
            }
        });
    }

    static void crossEntropy(Array logits, Array labels, Array probabilities, Array loss) {
        int width = logits.size(1);
        int rows = logits.size(0);
        LongBuffer right = labels.storage().block().longs();
        FloatBuffer from = CpuMemory.floats(logits);
        FloatBuffer to = CpuMemory.floats(probabilities);
        int some = Math.max(1, PIECE / width);
        double total = sumOfParts(rows, GRAIN / (16 * width), (first, end) -> {
            Scratch s = Scratch.get();
            float[] x = s.floats(0, some * width);
            double[] losses = s.doubles(some);
            double sum = 0;
            for (int r = first; r < end; r += some) {
                int count = Math.min(some, end - r);
                from.get(r * width, x, 0, count * width);
                subtractLargest(x, count, width);
                for (int i = 0; i < count; i++) {
                    sum -= x[i * width + (int) right.get(r + i)];
                }
                softmaxRows(x, count, width, false, losses, s);
                for (int i = 0; i < count; i++) {
                    sum += losses[i];
                }
                to.put(r * width, x, 0, count * width);
            }
            return sum;
        });
        CpuMemory.floats(loss).put(0, (float) (total / rows));
    }

    static void crossEntropyGrad(Array probabilities, Array labels, double scale, Array dx) {
        int width = probabilities.size(1);
        LongBuffer right = labels.storage().block().longs();
        CpuElementwise.map(probabilities, dx, CpuElementwise.scalar(Binary.MUL, (float) scale));
        FloatBuffer to = CpuMemory.floats(dx);
        for (int r = 0; r < probabilities.size(0); r++) {
            int at = r * width + (int) right.get(r);
            to.put(at, (float) (to.get(at) - scale));
        }
    }

    static void argmaxRows(Array x, Array out) {
        int width = x.size(x.rank() - 1);
        FloatBuffer from = CpuMemory.floats(x);
        var to = out.storage().block().longs();
        float[] row = Scratch.get().floats(0, width);
        int rows = CpuElementwise.length(x) / width;
        for (int r = 0; r < rows; r++) {
            from.get(r * width, row, 0, width);
            int best = 0;
            for (int i = 1; i < width; i++) {
                if (row[i] > row[best]) {
                    best = i;
                }
            }
            to.put(r, best);
        }
    }
}
