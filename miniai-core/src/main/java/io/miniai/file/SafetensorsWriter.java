package io.miniai.file;

import com.fasterxml.jackson.core.JsonGenerator;
import io.miniai.tensor.DType;
import io.miniai.tensor.Tensor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes a safetensors file byte for byte as the reference implementation does: the widest types first, then by name,
 * the header filled up with spaces to a multiple of eight.
 */
final class SafetensorsWriter {
    private static final int CHUNK_BYTES = 1 << 16;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Named(String name, byte[] utf8, Tensor tensor) {}

    private final List<Named> ordered = new ArrayList<>();
    private final byte[] header;

    SafetensorsWriter(Map<String, Tensor> tensors, Map<String, String> metadata) {
        if (tensors.containsKey(Header.METADATA)) {
            throw new IllegalArgumentException("Expected another name for a tensor than " + Header.METADATA
                    + ", which the format keeps for text.");
        }
        if (tensors.size() > Header.MOST_ENTRIES || metadata.size() > Header.MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "Expected at most %d tensors and as many texts; got %d and %d. Use several files."
                            .formatted(Header.MOST_ENTRIES, tensors.size(), metadata.size()));
        }
        tensors.forEach((name, tensor) -> ordered.add(new Named(name, utf8(name), tensor)));
        metadata.forEach((key, value) -> {
            utf8(key);
            utf8(value);
        });
        ordered.sort((a, b) -> {
            int byType = Format.of(b.tensor.dtype()).compareTo(Format.of(a.tensor.dtype()));
            return byType != 0 ? byType : Arrays.compareUnsigned(a.utf8, b.utf8);
        });
        header = header(metadata);
    }

    private static byte[] utf8(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "Expected Unicode text; got half of a surrogate pair in '" + text + "'. Use another text.");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] header(Map<String, String> metadata) {
        StringWriter out = new StringWriter();
        try (JsonGenerator g = Json.generator(out)) {
            g.writeStartObject();
            if (!metadata.isEmpty()) {
                g.writeObjectFieldStart(Header.METADATA);
                for (Map.Entry<String, String> e : metadata.entrySet()) {
                    g.writeStringField(e.getKey(), e.getValue());
                }
                g.writeEndObject();
            }
            long at = 0;
            for (Named n : ordered) {
                at = entry(n, at, g);
            }
            g.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] json = out.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        if (padded.length > Header.MOST_BYTES) {
            throw new IllegalArgumentException(
                    "Expected names and metadata of at most %d bytes; got %d. Save less text."
                            .formatted(Header.MOST_BYTES, padded.length));
        }
        return padded;
    }

    private static long entry(Named n, long from, JsonGenerator g) throws IOException {
        Format format = Format.of(n.tensor.dtype());
        long to = from + n.tensor.numel() * format.bytes;
        g.writeObjectFieldStart(n.name);
        g.writeStringField("dtype", format.name());
        g.writeArrayFieldStart("shape");
        for (int size : n.tensor.shape().toArray()) {
            g.writeNumber(size);
        }
        g.writeEndArray();
        g.writeArrayFieldStart("data_offsets");
        g.writeNumber(from);
        g.writeNumber(to);
        g.writeEndArray();
        g.writeEndObject();
        return to;
    }

    void writeTo(WritableByteChannel out) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        drain(chunk.putLong(header.length), out);
        ByteBuffer json = ByteBuffer.wrap(header);
        while (json.hasRemaining()) {
            out.write(json);
        }
        for (Named n : ordered) {
            data(n.tensor, chunk, out);
        }
    }

    private static void data(Tensor t, ByteBuffer chunk, WritableByteChannel out) throws IOException {
        int n = Math.toIntExact(t.numel());
        int most = CHUNK_BYTES / Format.of(t.dtype()).bytes;
        float[] floats = t.dtype() == DType.FLOAT32 ? t.toFloatArray() : new float[0];
        double[] doubles = t.dtype() == DType.FLOAT64 ? t.toDoubleArray() : new double[0];
        long[] longs = t.dtype() == DType.INT64 ? t.toLongArray() : new long[0];
        for (int from = 0; from < n; from += most) {
            int now = Math.min(most, n - from);
            int bytes = now * Format.of(t.dtype()).bytes;
            switch (t.dtype()) {
                case FLOAT32 -> chunk.asFloatBuffer().put(floats, from, now);
                case FLOAT64 -> chunk.asDoubleBuffer().put(doubles, from, now);
                case INT64 -> chunk.asLongBuffer().put(longs, from, now);
            }
            drain(chunk.position(bytes), out);
        }
    }

    private static void drain(ByteBuffer chunk, WritableByteChannel out) throws IOException {
        chunk.flip();
        while (chunk.hasRemaining()) {
            out.write(chunk);
        }
        chunk.clear();
    }
}
