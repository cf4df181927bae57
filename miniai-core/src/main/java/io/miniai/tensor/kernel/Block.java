package io.miniai.tensor.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/** One piece of native memory that the pool lends out again and again; allocated by ND4J. */
public final class Block {
    private final DataBuffer buffer;
    private final long capacity;
    private final Views views;
    private @Nullable FloatBuffer floats;
    private @Nullable IntBuffer ints;
    private @Nullable LongBuffer longs;

    Block(DataBuffer buffer, long capacity) {
        this.buffer = buffer;
        this.capacity = capacity;
        this.views = new Views(buffer);
    }

    /** How ND4J sees parts of it. */
    Views views() {
        return views;
    }

    DataBuffer buffer() {
        return buffer;
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
        return buffer.address();
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
        return p.capacity(capacity * width).asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
