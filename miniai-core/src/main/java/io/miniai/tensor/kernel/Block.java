package io.miniai.tensor.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One piece of native memory that the pool lends out again and again; allocated by ND4J. On the CPU it begins where a
 * line of the cache does: otherwise every vector that is read lies in two lines, and two threads that write
 * neighbouring rows take the line between them from each other.
 */
public final class Block {
    /** What a line of the cache is at most, in bytes; processors with shorter ones fetch them in pairs. */
    static final int LINE = 128;

    private final DataBuffer buffer;
    private final long capacity;
    private final int start;
    private final long address;
    private final Views views;
    private @Nullable FloatBuffer floats;
    private @Nullable IntBuffer ints;
    private @Nullable LongBuffer longs;

    private Block(DataBuffer buffer, long capacity, int start, long address) {
        this.buffer = buffer;
        this.capacity = capacity;
        this.start = start;
        this.address = address;
        this.views = new Views(buffer, start);
    }

    static Block allocate(DataType type, long capacity) {
        if (Backend.current().kind() != Backend.Kind.CPU) {
            return new Block(Nd4j.createBuffer(type, capacity, false), capacity, 0, 0);
        }
        DataBuffer buffer = Nd4j.createBuffer(type, capacity + LINE / type.width(), false);
        long address = roundUp(buffer.address());
        return new Block(buffer, capacity, (int) (address - buffer.address()) / type.width(), address);
    }

    /** The first address from this one on at which a line begins. */
    static long roundUp(long address) {
        return (address + LINE - 1) / LINE * LINE;
    }

    /** How ND4J sees parts of it. */
    Views views() {
        return views;
    }

    /** It may begin before this does. */
    DataBuffer buffer() {
        return buffer;
    }

    /** The host's copy of the memory, from its start on (float32 only). */
    FloatBuffer hostFloats() {
        return buffer.asNioFloat().position(start);
    }

    /** The same of float64. */
    DoubleBuffer hostDoubles() {
        return buffer.asNioDouble().position(start);
    }

    /** The same of int64. */
    LongBuffer hostLongs() {
        return buffer.asNioLong().position(start);
    }

    DataType type() {
        return buffer.dataType();
    }

    /** In elements. */
    long capacity() {
        return capacity;
    }

    long bytes() {
        return capacity * buffer.getElementSize();
    }

    /** Where the memory starts, in bytes (CPU only). */
    long address() {
        return address;
    }

    /** The memory as Java sees it (CPU, float32 only); use absolute reads and writes: it is shared by threads. */
    FloatBuffer floats() {
        FloatBuffer f = floats;
        if (f == null) {
            f = bytes(Float.BYTES).asFloatBuffer();
            floats = f;
        }
        return f;
    }

    /** The bits of the floats. */
    IntBuffer ints() {
        IntBuffer i = ints;
        if (i == null) {
            i = bytes(Float.BYTES).asIntBuffer();
            ints = i;
        }
        return i;
    }

    /** The memory of int64 values as Java sees it (CPU only). */
    LongBuffer longs() {
        LongBuffer l = longs;
        if (l == null) {
            l = bytes(Long.BYTES).asLongBuffer();
            longs = l;
        }
        return l;
    }

    private ByteBuffer bytes(int width) {
        BytePointer p = new BytePointer(buffer.pointer());
        p.capacity((start + capacity) * width).position((long) start * width);
        return p.asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
