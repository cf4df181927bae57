package io.miniai.tensor.kernel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A dense block of native memory with a type and sizes.
 *
 * <p>Memory order is row-major, or, for images {@code [n, c, h, w]} only, channels-last: the order of
 * a row-major {@code [n, h, w, c]}. Arrays of one storage share its memory.
 */
public final class Array {
    private final Storage storage;
    private final DataType type;
    private final int[] shape;
    private final long length;
    private final boolean channelsLast;
    private @Nullable INDArray view;

    private Array(Storage storage, DataType type, int[] shape, boolean channelsLast) {
        this.storage = storage;
        this.type = type;
        this.shape = shape;
        this.channelsLast = channelsLast;
        this.length = length(shape);
    }

    /** A row-major array with undefined content. {@code shape} is not copied: the caller must not change it. */
    public static Array allocate(DataType type, int... shape) {
        return new Array(Storage.allocate(type, length(shape)), type, shape, false);
    }

    /** An image array {@code [n, c, h, w]} with undefined content, in the asked memory order. */
    public static Array allocateImage(DataType type, boolean channelsLast, int... shape) {
        return new Array(Storage.allocate(type, length(shape)), type, shape, channelsLast);
    }

    /** An array like this one (type, sizes, memory order) with undefined content. */
    public Array allocateLike() {
        return new Array(Storage.allocate(type, length), type, shape, channelsLast);
    }

    /** The same row-major memory seen with other sizes. */
    public Array reshaped(int... newShape) {
        if (channelsLast || length(newShape) != length) {
            throw new IllegalStateException("only row-major memory of equal length can be seen with other sizes");
        }
        return new Array(storage, type, newShape, false);
    }

    /** The first elements of row-major memory seen with these sizes. */
    public Array beginning(int... newShape) {
        if (channelsLast || length(newShape) > length) {
            throw new IllegalStateException("only row-major memory that is long enough can be seen with other sizes");
        }
        return new Array(storage, type, newShape, false);
    }

    /** Writes the first {@code n} values into memory from element {@code at} on (CPU, float32 only). */
    public void write(int at, float[] values, int n) {
        Objects.checkFromIndexSize(at, n, length);
        storage.block().floats().put(at, values, 0, n);
    }

    /** Channels-last memory as what it is: a row-major array {@code [n, h, w, c]}. */
    public Array asRowMajorNhwc() {
        if (!channelsLast) {
            throw new IllegalStateException("not a channels-last array");
        }
        return new Array(storage, type, new int[] {shape[0], shape[2], shape[3], shape[1]}, false);
    }

    /** The memory of a row-major {@code [n, h, w, c]} array as channels-last images {@code [n, c, h, w]}. */
    public Array asChannelsLastImage() {
        if (channelsLast || shape.length != 4) {
            throw new IllegalStateException("not a row-major array of four dimensions");
        }
        return new Array(storage, type, new int[] {shape[0], shape[3], shape[1], shape[2]}, true);
    }

    /** Whether row-major and channels-last order are the same for these sizes (one channel, or one pixel). */
    public boolean ordersAgree() {
        return shape.length == 4 && (shape[1] == 1 || shape[2] * shape[3] == 1);
    }

    /** The same memory under the other name; only where {@link #ordersAgree()}. */
    public Array relabelled(boolean asChannelsLast) {
        if (asChannelsLast == channelsLast) {
            return this;
        }
        if (!ordersAgree()) {
            throw new IllegalStateException("the memory orders differ");
        }
        return new Array(storage, type, shape, asChannelsLast);
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

    public boolean channelsLast() {
        return channelsLast;
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
        if (channelsLast) {
            long row = (long) shape[3] * shape[1];
            return new long[] {shape[2] * row, 1, row, shape[1]};
        }
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
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
