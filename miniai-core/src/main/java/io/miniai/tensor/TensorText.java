package io.miniai.tensor;

import java.util.Arrays;
import java.util.Locale;

/** How a tensor prints: PyTorch's brackets, values in columns, long dimensions shortened in the middle. */
final class TensorText {
    private static final int SHORTEN_FROM = 1000;
    private static final int EDGE = 3;

    private final int[] shape;
    private final String[] cells;
    private final int width;
    private final boolean shorten;

    private TensorText(Tensor t) {
        shape = t.dims();
        shorten = t.numel() > SHORTEN_FROM;
        cells = t.dtype() == DType.INT64
                ? Arrays.stream(t.toLongArray()).mapToObj(Long::toString).toArray(String[]::new)
                : format(t.toDoubleArray());
        int w = 0;
        for (String c : cells) {
            w = Math.max(w, c.length());
        }
        width = w;
    }

    static String of(Tensor t) {
        String head = "Tensor" + t.shape() + " " + t.dtype() + (t.requiresGrad() ? " requiresGrad" : "");
        if (t.isReleased()) {
            return head + " (released at the end of its step)";
        }
        StringBuilder s = new StringBuilder(head);
        s.append(t.rank() > 1 ? "\n" : " ");
        new TensorText(t).append(s, 0, 0);
        return s.toString();
    }

    private void append(StringBuilder s, int dim, int offset) {
        if (dim == shape.length) {
            s.append(" ".repeat(width - cells[offset].length())).append(cells[offset]);
            return;
        }
        int stride = 1;
        for (int i = dim + 1; i < shape.length; i++) {
            stride *= shape[i];
        }
        boolean last = dim == shape.length - 1;
        s.append('[');
        for (int i = 0; i < shape[dim]; i++) {
            if (i > 0) {
                s.append(last ? ", " : ",\n" + " ".repeat(dim + 1));
            }
            if (shorten && shape[dim] > 2 * EDGE && i == EDGE) {
                s.append("…");
                i = shape[dim] - EDGE - 1;
            } else {
                append(s, dim + 1, offset + i * stride);
            }
        }
        s.append(']');
    }

    private static String[] format(double[] values) {
        double largest = 0;
        boolean whole = true;
        for (double v : values) {
            if (!Double.isNaN(v) && !Double.isInfinite(v)) {
                largest = Math.max(largest, Math.abs(v));
                whole &= v == Math.rint(v);
            }
        }
        String format =
                whole && largest < 1e6 ? "%.0f" : largest >= 1e6 || (largest > 0 && largest < 1e-3) ? "%.4e" : "%.4f";
        String[] cells = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            cells[i] = Double.isNaN(values[i]) || Double.isInfinite(values[i])
                    ? Double.toString(values[i])
                    : String.format(Locale.ROOT, format, values[i]);
        }
        return cells;
    }
}
