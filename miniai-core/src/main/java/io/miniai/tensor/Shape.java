package io.miniai.tensor;

import io.miniai.tensor.kernel.Array;
import java.util.Arrays;

/** The sizes of a tensor, outermost dimension first; images are {@code [N, C, H, W]}. Immutable. */
public final class Shape {
    private final int[] dims;

    private Shape(int[] dims) {
        this.dims = dims;
    }

    /**
     * A shape of these sizes; none for a scalar.
     *
     * @throws ShapeException when a size is below 1, or there are more than 2³¹ − 1 elements
     */
    public static Shape of(int... dims) {
        long elements = 1;
        for (int d : dims) {
            if (d < 1) {
                throw new ShapeException("Expected sizes of at least 1; got " + Arrays.toString(dims) + ".");
            }
            elements = Math.min(elements, Integer.MAX_VALUE) * d;
        }
        if (elements > Integer.MAX_VALUE) {
            throw new ShapeException("Expected at most 2,147,483,647 elements; got " + Arrays.toString(dims)
                    + ". Fix: several smaller tensors.");
        }
        return new Shape(dims.clone());
    }

    static Shape wrap(int[] dims) {
        return new Shape(dims);
    }

    /** The number of dimensions, 0 for a scalar. */
    public int rank() {
        return dims.length;
    }

    /** The size of dimension {@code i}; −1 is the last. */
    public int dim(int i) {
        return dims[axis(i)];
    }

    /** The number of elements. */
    public long numel() {
        return Array.length(dims);
    }

    /** A copy of the sizes. */
    public int[] toArray() {
        return dims.clone();
    }

    int[] dims() {
        return dims;
    }

    /** A dimension counted from the front, or with a negative number from the back, as one from the front. */
    int axis(int i) {
        return axis(i, dims);
    }

    static int axis(int i, int[] dims) {
        int a = i < 0 ? i + dims.length : i;
        if (a < 0 || a >= dims.length) {
            throw new ShapeException("Expected a dimension from %d to %d of %s; got %d."
                    .formatted(-dims.length, dims.length - 1, Arrays.toString(dims), i));
        }
        return a;
    }

    /**
     * The shape that two shapes have together when sizes of 1 stretch, as in NumPy.
     *
     * @throws ShapeException when they do not fit
     */
    public static Shape broadcast(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] out = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (x != y && x != 1 && y != 1) {
                throw new ShapeException(
                        ("Expected shapes that broadcast (from the last dimension: equal, or one of them 1); got %s and %s:"
                                        + " %d against %d in dimension %d.")
                                .formatted(a, b, x, y, rank - i));
            }
            out[rank - i] = Math.max(x, y);
        }
        return new Shape(out);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
