package io.miniai.nn;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Window;
import org.jspecify.annotations.Nullable;

/**
 * How many rows and columns of the model's input one element of a layer's output depends on, padding
 * included. Immutable: every layer on the way gives the next one.
 *
 * <p>Followed backwards from the output, an interval {@code [a, b]} of rows comes from
 * {@code [a·stride − pad, b·stride − pad + dilation·(kernel − 1)]} under a window and from
 * {@code [⌊a / scale⌋, ⌊b / scale⌋]} under nearest-neighbour upsampling. After upsampling neighbours see unequally
 * much; the largest field is given.
 */
public final class ReceptiveField {
    /** One layer on one axis, and those before it. */
    private record Axis(@Nullable Axis before, int stride, int pad, int reach, int scale) {

        /** Positions repeat their pattern with the product of all upsamplings, so that many decide. */
        int size() {
            long period = 1;
            for (Axis a = this; a != null; a = a.before) {
                period *= a.scale;
            }
            long largest = 0;
            for (long position = 0; position < period; position++) {
                largest = Math.max(largest, sizeAt(position));
            }
            return Math.toIntExact(largest);
        }

        private long sizeAt(long position) {
            long first = position;
            long last = position;
            for (Axis a = this; a != null; a = a.before) {
                first = Math.floorDiv(first * a.stride - a.pad, (long) a.scale);
                last = Math.floorDiv(last * a.stride - a.pad + a.reach, (long) a.scale);
            }
            return last - first + 1;
        }
    }

    private static final Axis ONE = new Axis(null, 1, 0, 0, 1);

    private final Axis rows;
    private final Axis columns;
    private final int gridH;
    private final int gridW;

    private ReceptiveField(Axis rows, Axis columns, int gridH, int gridW) {
        this.rows = rows;
        this.columns = columns;
        this.gridH = gridH;
        this.gridW = gridW;
    }

    /** The field of the input itself, 1×1; a row of features {@code [N, features]} counts as one row of columns. */
    public static ReceptiveField of(Shape input) {
        return new ReceptiveField(ONE, ONE, 1, input.rank() == 2 ? input.dim(1) : 1);
    }

    /** After a convolution or pooling with this window. */
    public ReceptiveField through(Window w) {
        return new ReceptiveField(
                new Axis(rows, w.strideH(), w.padH(), w.dilationH() * (w.kernelH() - 1), 1),
                new Axis(columns, w.strideW(), w.padW(), w.dilationW() * (w.kernelW() - 1), 1),
                gridH,
                gridW);
    }

    /** After zeros were added at the top and left (negative: cropped): the field keeps its size, its place moves. */
    public ReceptiveField throughPadding(int top, int left) {
        return new ReceptiveField(new Axis(rows, 1, top, 0, 1), new Axis(columns, 1, left, 0, 1), gridH, gridW);
    }

    /** After every row and column was repeated {@code scale} times. */
    public ReceptiveField throughUpsampling(int scale) {
        return new ReceptiveField(new Axis(rows, 1, 0, 0, scale), new Axis(columns, 1, 0, 0, scale), gridH, gridW);
    }

    /** After a grid of {@code h × w} was laid out as features, which the next {@link #mixed} looks at together. */
    public ReceptiveField flattened(int h, int w) {
        return new ReceptiveField(rows, columns, h, w);
    }

    /** After every output looked at all features: at the whole grid that was {@link #flattened}. */
    public ReceptiveField mixed() {
        return new ReceptiveField(new Axis(rows, 0, 0, gridH - 1, 1), new Axis(columns, 0, 0, gridW - 1, 1), 1, 1);
    }

    /** In rows of the model's input; more than it has where padding is seen. */
    public int height() {
        return rows.size();
    }

    /** In columns of the model's input. */
    public int width() {
        return columns.size();
    }

    /** {@code 7×7}. */
    @Override
    public String toString() {
        return height() + "×" + width();
    }
}
