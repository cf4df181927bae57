package io.miniai.file;

import io.miniai.file.Header.Entry;
import io.miniai.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a safetensors file from front to back; the checked header leaves no gaps to skip. */
final class SafetensorsReader {
    private static final int CHUNK_BYTES = 1 << 16;

    private final ReadableByteChannel channel;
    private final long fileBytes;
    private final String file;

    SafetensorsReader(ReadableByteChannel channel, long fileBytes, String file) {
        this.channel = channel;
        this.fileBytes = fileBytes;
        this.file = file;
    }

    Safetensors read() throws IOException {
        Header header = header();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        ByteBuffer chunk = buffer((int) Math.min(CHUNK_BYTES, fileBytes));
        for (Entry e : header.entries()) {
            tensors.put(e.name(), tensor(e, chunk));
        }
        return new Safetensors(Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(header.metadata()));
    }

    Header header() throws IOException {
        if (fileBytes < Header.LENGTH_BYTES + 2) {
            throw HeaderParser.tooShort(fileBytes, file);
        }
        ByteBuffer length = buffer(Header.LENGTH_BYTES);
        fill(length);
        int bytes = HeaderParser.length(length.getLong(), fileBytes, file);
        HeaderBytes json = new HeaderBytes(channel, bytes, this::endedBefore);
        return HeaderParser.parse(json, fileBytes - Header.LENGTH_BYTES - bytes, file);
    }

    private Tensor tensor(Entry e, ByteBuffer chunk) throws IOException {
        int n = e.numel();
        switch (e.format()) {
            case F64 -> {
                double[] values = new double[n];
                read(n, e.format(), chunk, (i, b) -> values[i] = b.getDouble());
                return Tensor.of(values, e.shape());
            }
            case I64 -> {
                long[] values = new long[n];
                read(n, e.format(), chunk, (i, b) -> values[i] = b.getLong());
                return Tensor.of(values, e.shape());
            }
            default -> {
                float[] values = new float[n];
                read(n, e.format(), chunk, (i, b) -> values[i] = single(e.format(), b));
                return Tensor.of(values, e.shape());
            }
        }
    }

    private static float single(Format format, ByteBuffer b) {
        return switch (format) {
            case F16 -> half(b.getShort());
            case BF16 -> Float.intBitsToFloat(b.getShort() << 16);
            default -> b.getFloat();
        };
    }

    /** An IEEE 754 half as a float, exactly; {@code Float.float16ToFloat} comes with Java 20. */
    static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude;
        if (exponent == 0x1f) {
            magnitude = Float.intBitsToFloat(0x7f800000 | fraction << 13);
        } else if (exponent == 0) {
            magnitude = fraction * 0x1p-24f;
        } else {
            magnitude = Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    private interface Sink {
        void take(int index, ByteBuffer from);
    }

    private void read(int n, Format format, ByteBuffer chunk, Sink sink) throws IOException {
        int most = chunk.capacity() / format.bytes;
        for (int done = 0; done < n; ) {
            int now = Math.min(most, n - done);
            chunk.clear().limit(now * format.bytes);
            fill(chunk);
            for (int i = 0; i < now; i++) {
                sink.take(done + i, chunk);
            }
            done += now;
        }
    }

    /** Fills it to its limit, and flips it. */
    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                endedBefore();
            }
        }
        buffer.flip();
    }

    private void endedBefore() {
        throw new FileException(file, "expected %d bytes; it ended before. Is it being written?".formatted(fileBytes));
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
