package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/** One piece of native memory that the pool lends out again and again; allocated by ND4J. */
public final class Block {
    private final DataBuffer buffer;
    private final long capacity;
    private @Nullable FloatBuffer floats;

    Block(DataBuffer buffer, long capacity) {
        this.buffer = buffer;
        this.capacity = capacity;
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

    /** Where the memory starts (CPU only). */
    Pointer pointer() {
        return buffer.pointer();
    }

    /** The memory as Java sees it (CPU, float32 only); use absolute reads and writes: it is shared by threads. */
    FloatBuffer floats() {
        FloatBuffer f = floats;
        if (f == null) {
            f = buffer.pointer()
                    .capacity(capacity)
                    .asByteBuffer()
                    .order(java.nio.ByteOrder.nativeOrder())
                    .asFloatBuffer();
            floats = f;
        }
        return f;
    }
}
