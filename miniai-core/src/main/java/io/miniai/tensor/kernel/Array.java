package io.miniai.tensor.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A dense block of native memory with a type and sizes.
 *
 * <p>Memory order is row-major, or, for images {@code [n, c, h, w]} only, another {@link Order}. Arrays of one storage
 * share its memory.
 */
public final class Array {
    private final Storage storage;
    private final DataType type;
    private final int[] shape;
    private final long length;
    private final Order order;
    private @Nullable INDArray view;

    private Array(Storage storage, DataType type, int[] shape, Order order) {
        this.storage = storage;
        this.type = type;
        this.shape = shape;
        this.order = order;
        this.length = length(shape);
    }

    /** A row-major array with undefined content. {@code shape} is not copied: the caller must not change it. */
    public static Array allocate(DataType type, int... shape) {
        return new Array(Storage.allocate(type, length(shape)), type, shape, Order.ROW_MAJOR);
    }

    /** An image array {@code [n, c, h, w]} with undefined content, in the asked memory order. */
    public static Array allocateImage(DataType type, Order order, int... shape) {
        return new Array(Storage.allocate(type, length(shape)), type, shape, order);
    }

    /** An array like this one (type, sizes, memory order) with undefined content. */
    public Array allocateLike() {
        return new Array(Storage.allocate(type, length), type, shape, order);
    }

    /** The same row-major memory seen with other sizes. */
    public Array reshaped(int... newShape) {
        if (order != Order.ROW_MAJOR || length(newShape) != length) {
            throw new IllegalStateException("only row-major memory of equal length can be seen with other sizes");
        }
        return new Array(storage, type, newShape, Order.ROW_MAJOR);
    }

    /** The memory as what it is: a row-major array with the sizes in the order of memory. */
    public Array inMemoryOrder() {
        return new Array(storage, type, order.sizes(shape), Order.ROW_MAJOR);
    }

    /** The memory of a row-major array of four dimensions as images in this order. */
    public Array asImages(Order imageOrder) {
        if (order != Order.ROW_MAJOR || shape.length != 4) {
            throw new IllegalStateException("not a row-major array of four dimensions");
        }
        return new Array(storage, type, imageOrder.shape(shape), imageOrder);
    }

    /** Whether the memory would be the same in this order. */
    public boolean is(Order other) {
        return order == other || (shape.length == 4 && order.agrees(other, shape));
    }

    /** This array if its memory is in this order, or a copy that is. */
    public Array inOrder(Order other, Kernels kernels) {
        if (is(other)) {
            return relabelled(other);
        }
        Array copy = allocateImage(type, other, shape);
        kernels.copy(this, copy);
        return copy;
    }

    /** The same memory under the other name; only where it {@link #is} that order as well. */
    public Array relabelled(Order other) {
        if (other == order) {
            return this;
        }
        if (!is(other)) {
            throw new IllegalStateException("the memory orders differ");
        }
        return new Array(storage, type, shape, other);
    }

    public Storage storage() {
        return storage;
    }

    public DataType type() {
        return type;
    }

    /** The sizes; not a copy: never change it. */
    public int[] shape() {
        return shape;
    }

    public int rank() {
        return shape.length;
    }

    public int size(int dim) {
        return shape[dim];
    }

    public long length() {
        return length;
    }

    public Order order() {
        return order;
    }

    public boolean isFloat() {
        return type == DataType.FLOAT;
    }

    /** An ND4J view of the memory with the logical sizes; a scalar is seen as {@code [1]}. Never close or reshape it. */
    public INDArray nd() {
        INDArray v = view;
        if (v == null || storage.isReleased()) {
            v = shape.length == 0 ? flat() : part(0, Ops.longs(shape), strides());
            view = v;
        }
        return v;
    }

    /** An ND4J view of the memory as one row in memory order. Never close or reshape it. */
    public INDArray flat() {
        return part(0, new long[] {length}, new long[] {1});
    }

    /** An ND4J view of some of the memory; start, sizes and strides in elements. */
    INDArray part(long offset, long[] sizes, long[] strides) {
        return storage.block().views().get(offset, sizes, strides);
    }

    /** How far apart neighbours are in memory, for every dimension. */
    long[] strides() {
        return order.strides(shape);
    }

    /** The number of elements of an array of these sizes. */
    public static long length(int[] shape) {
        long n = 1;
        for (int d : shape) {
            n = Math.multiplyExact(n, (long) d);
        }
        return n;
    }
}
