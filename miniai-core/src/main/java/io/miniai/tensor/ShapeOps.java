package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Order;
import java.util.Arrays;

/** Ops that move elements without changing them, with their gradients. */
final class ShapeOps {
    private ShapeOps() {}

    static Tensor reshape(Tensor x, int... dims) {
        int[] shape = resolve(x, dims);
        Array in = x.rowMajor();
        return Tape.record("reshape", new Tensor(in.reshaped(shape)), dy -> new Tensor[] {dy.reshape(x.dims())}, x);
    }

    static Tensor copy(Tensor x) {
        Array in = x.array();
        Array out = in.allocateLike();
        kernels().copy(in, out);
        return Tape.record("copy", new Tensor(out), dy -> new Tensor[] {dy}, x);
    }

    /** Fills in a −1 and checks the number of elements. */
    private static int[] resolve(Tensor x, int[] dims) {
        int[] shape = dims.clone();
        long known = 1;
        int open = -1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == -1 && open < 0) {
                open = i;
            } else {
                known *= Math.max(0, shape[i]);
            }
        }
        if (open >= 0 && known > 0 && x.numel() % known == 0) {
            shape[open] = Math.toIntExact(x.numel() / known);
            known *= shape[open];
        }
        if (known != x.numel()) {
            throw new ShapeException("Expected a shape with the %d elements of %s (one size may be -1); got %s."
                    .formatted(x.numel(), x.shape(), Arrays.toString(dims)));
        }
        return shape;
    }

    static Tensor permute(Tensor x, int... axes) {
        int[] from = new int[axes.length];
        boolean[] seen = new boolean[x.rank()];
        boolean ok = axes.length == x.rank();
        for (int i = 0; ok && i < axes.length; i++) {
            from[i] = x.shape().axis(axes[i]);
            ok = !seen[from[i]];
            seen[from[i]] = true;
        }
        if (!ok) {
            throw new ShapeException(
                    "Expected each dimension of %s once; got %s.".formatted(x.shape(), Arrays.toString(axes)));
        }
        int[] shape = new int[from.length];
        int[] back = new int[from.length];
        for (int i = 0; i < from.length; i++) {
            shape[i] = x.size(from[i]);
            back[from[i]] = i;
        }
        Array out = Array.allocate(x.dtype().nd(), shape);
        kernels().permute(x.rowMajor(), from, out);
        return Tape.record("permute", new Tensor(out), dy -> new Tensor[] {permute(dy, back)}, x);
    }

    static Tensor slice(Tensor x, int dim, int from, int to, int step) {
        int axis = x.shape().axis(dim);
        int size = x.size(axis);
        int begin = from < 0 ? from + size : from;
        int end = to < 0 ? to + size : to;
        if (begin < 0 || end > size || begin >= end || step < 1) {
            throw new ShapeException(
                    "Expected 0 ≤ from < to ≤ %d (negative counts from the end) and step ≥ 1 in dimension %d of %s; got"
                                    .formatted(size, axis, x.shape())
                            + " from %d, to %d, step %d.".formatted(from, to, step));
        }
        int[] shape = x.dims().clone();
        shape[axis] = (end - begin + step - 1) / step;
        Array in = x.array();
        Array out = Array.allocateImage(in.type(), in.order(), shape);
        int[] begins = along(in, axis, begin, 0);
        int[] steps = along(in, axis, step, 1);
        kernels().slice(in.inMemoryOrder(), begins, steps, out.inMemoryOrder());
        return Tape.record(
                "slice",
                new Tensor(out),
                dy -> {
                    Array dx = Array.allocateImage(dy.dtype().nd(), in.order(), x.dims());
                    kernels().fill(dx, 0);
                    kernels().putSlice(dy.inOrder(in.order()).inMemoryOrder(), begins, steps, dx.inMemoryOrder());
                    return new Tensor[] {new Tensor(dx)};
                },
                x);
    }

    /** A number for each dimension in the order of memory: one for a dimension, another for the others. */
    private static int[] along(Array a, int dim, int number, int others) {
        int[] numbers = new int[a.rank()];
        Arrays.fill(numbers, others);
        numbers[a.order().axis(dim)] = number;
        return numbers;
    }

    static Tensor concat(int dim, Tensor... parts) {
        if (parts.length == 0) {
            throw new ShapeException("Expected at least one tensor to concatenate; got none.");
        }
        Tensor first = parts[0];
        int axis = first.shape().axis(dim);
        int[] shape = first.dims().clone();
        shape[axis] = 0;
        for (Tensor p : parts) {
            int[] like = p.dims().clone();
            if (like.length == shape.length) {
                shape[axis] += like[axis];
                like[axis] = first.size(axis);
            }
            if (!Arrays.equals(like, first.dims()) || p.dtype() != first.dtype()) {
                throw new ShapeException(
                        "Expected tensors of one type that differ only in dimension %d; got %s %s and %s %s."
                                .formatted(axis, first.dtype(), first.shape(), p.dtype(), p.shape()));
            }
        }
        Order order = first.array().order();
        Array out = Array.allocateImage(first.dtype().nd(), order, shape);
        int[] steps = ones(shape.length);
        int at = 0;
        for (Tensor p : parts) {
            int[] begins = along(out, axis, at, 0);
            kernels().putSlice(p.inOrder(order).inMemoryOrder(), begins, steps, out.inMemoryOrder());
            at += p.size(axis);
        }
        return Tape.record("concat", new Tensor(out), dy -> split(dy, axis, parts), parts);
    }

    private static Tensor[] split(Tensor dy, int axis, Tensor[] like) {
        Tensor[] grads = new Tensor[like.length];
        int at = 0;
        for (int i = 0; i < like.length; i++) {
            int to = at + like[i].size(axis);
            grads[i] = slice(dy, axis, at, to, 1);
            at = to;
        }
        return grads;
    }

    /** Zeros around the last two dimensions, or with negative numbers a crop; the gradient is the opposite. */
    static Tensor pad(Tensor x, int left, int right, int top, int bottom) {
        int rank = x.rank();
        if (rank < 2 || x.size(-2) + top + bottom < 1 || x.size(-1) + left + right < 1) {
            throw new ShapeException(
                    "Expected padding that leaves at least one pixel of %s; got left %d, right %d, top %d, bottom %d."
                            .formatted(x.shape(), left, right, top, bottom));
        }
        boolean awaitsConv =
                rank == 4 && x.dtype().isFloatingPoint() && left == right && top == bottom && left >= 0 && top >= 0;
        Tensor out = awaitsConv
                ? new Tensor(PendingImage.padded(x, top, left, images -> padded(images, left, right, top, bottom)))
                : new Tensor(padded(x, left, right, top, bottom));
        return Tape.record("pad", out, dy -> new Tensor[] {dy.pad(-left, -right, -top, -bottom)}, x);
    }

    private static Array padded(Tensor x, int left, int right, int top, int bottom) {
        Array in = x.array();
        if (in.order() == Order.ROW_MAJOR) {
            return padRowMajor(in, x.rank() - 2, left, right, top, bottom);
        }
        int rowAxis = in.order().axis(x.rank() - 2);
        return padRowMajor(in.inMemoryOrder(), rowAxis, left, right, top, bottom)
                .asImages(in.order());
    }

    private static Array padRowMajor(Array in, int rowAxis, int left, int right, int top, int bottom) {
        int rank = in.rank();
        int[] cropBegin = new int[rank];
        int[] putBegin = new int[rank];
        int[] cropped = in.shape().clone();
        int[] shape = in.shape().clone();
        int[] before = {top, left};
        int[] after = {bottom, right};
        for (int i = 0; i < 2; i++) {
            int axis = rowAxis + i;
            cropBegin[axis] = Math.max(0, -before[i]);
            putBegin[axis] = Math.max(0, before[i]);
            cropped[axis] += Math.min(0, before[i]) + Math.min(0, after[i]);
            shape[axis] += before[i] + after[i];
        }
        Array part = in;
        if (!Arrays.equals(cropped, in.shape())) {
            part = Array.allocate(in.type(), cropped);
            kernels().slice(in, cropBegin, ones(rank), part);
        }
        if (part != in && Arrays.equals(shape, cropped)) {
            return part;
        }
        Array out = Array.allocate(in.type(), shape);
        kernels().fill(out, 0);
        kernels().putSlice(part, putBegin, ones(rank), out);
        return out;
    }

    static Tensor expand(Tensor x, int... dims) {
        Shape target = Shape.of(dims);
        if (x.shape().equals(target)) {
            return x.unlessRecording();
        }
        if (!Shape.broadcast(x.shape(), target).equals(target)) {
            throw new ShapeException("Expected a shape that %s can stretch to; got %s.".formatted(x.shape(), target));
        }
        Array out = Array.allocate(x.dtype().nd(), target.dims());
        kernels().broadcast(x.array(), out);
        return Tape.record("expand", new Tensor(out), dy -> new Tensor[] {Reductions.sumTo(dy, x.shape())}, x);
    }

    /** Stretched to the shape of an array, in its memory order; not recorded. */
    static Tensor stretched(Tensor x, Array like) {
        Array out = like.allocateLike();
        kernels().broadcast(x.array(), out);
        return new Tensor(out);
    }

    static Tensor gather(Tensor x, int dim, Tensor index) {
        int axis = x.shape().axis(dim);
        if (index.dtype() != DType.INT64 || index.rank() != x.rank()) {
            throw new ShapeException("Expected an INT64 index of rank %d to gather from %s; got %s %s."
                    .formatted(x.rank(), x.shape(), index.dtype(), index.shape()));
        }
        for (int i = 0; i < x.rank(); i++) {
            if (i != axis && index.size(i) > x.size(i)) {
                throw new ShapeException("Expected an index no larger than %s outside dimension %d; got %s."
                        .formatted(x.shape(), axis, index.shape()));
            }
        }
        Array at = index.rowMajor();
        int outside = kernels().firstOutside(at, x.size(axis));
        if (outside >= 0) {
            checkIndex(x, axis, kernels().downloadLongs(at)[outside]);
        }
        Array out = Array.allocate(x.dtype().nd(), index.dims());
        kernels().gather(x.rowMajor(), axis, at, out);
        return Tape.record(
                "gather",
                new Tensor(out),
                dy -> {
                    Array dx = Array.allocate(dy.dtype().nd(), x.dims());
                    kernels().fill(dx, 0);
                    kernels().scatterAdd(dy.rowMajor(), axis, at, dx);
                    return new Tensor[] {new Tensor(dx)};
                },
                x,
                new Tensor(at));
    }

    static Tensor indexSelect(Tensor x, int dim, int... index) {
        int axis = x.shape().axis(dim);
        for (int i : index) {
            checkIndex(x, axis, i);
        }
        int[] shape = x.dims().clone();
        shape[axis] = index.length;
        Shape.of(shape);
        Array out = Array.allocate(x.dtype().nd(), shape);
        kernels().indexSelect(x.rowMajor(), axis, index, out);
        return Tape.record(
                "indexSelect",
                new Tensor(out),
                dy -> {
                    Array dx = Array.allocate(dy.dtype().nd(), x.dims());
                    kernels().fill(dx, 0);
                    kernels().indexAdd(dy.rowMajor(), axis, index, dx);
                    return new Tensor[] {new Tensor(dx)};
                },
                x);
    }

    private static void checkIndex(Tensor x, int axis, long i) {
        if (i < 0 || i >= x.size(axis)) {
            throw new IndexOutOfBoundsException("Expected an index from 0 to %d in dimension %d of %s; got %d."
                    .formatted(x.size(axis) - 1, axis, x.shape(), i));
        }
    }

    static Tensor oneHot(Tensor labels, int classes) {
        if (labels.dtype() != DType.INT64) {
            throw new IllegalArgumentException(
                    "Expected INT64 labels; got " + labels.dtype() + ". Fix: labels.toDType(INT64).");
        }
        Losses.checkLabels(labels, classes);
        int[] shape = Arrays.copyOf(labels.dims(), labels.rank() + 1);
        shape[labels.rank()] = classes;
        Array out = Array.allocate(DType.FLOAT32.nd(), shape);
        kernels().oneHot(labels.rowMajor(), out);
        return new Tensor(out);
    }

    static int[] ones(int rank) {
        int[] ones = new int[rank];
        Arrays.fill(ones, 1);
        return ones;
    }
}
