package io.miniai.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A safetensors file that PyTorch computed; {@code docs/fixtures.md} describes the content. */
public final class Fixtures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode header;
    private final ByteBuffer data;
    private final Map<String, JsonNode> descriptions = new LinkedHashMap<>();

    private Fixtures(JsonNode header, ByteBuffer data) throws IOException {
        this.header = header;
        this.data = data;
        for (Map.Entry<String, JsonNode> e : header.get("__metadata__").properties()) {
            descriptions.put(e.getKey(), JSON.readTree(e.getValue().asText()));
        }
    }

    /** Reads {@code pytorch/<name>.safetensors} from the test resources. */
    public static Fixtures read(String name) {
        ByteBuffer file = ByteBuffer.wrap(resource(name + ".safetensors")).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(file.getLong())];
        file.get(header);
        try {
            JsonNode json = JSON.readTree(new String(header, StandardCharsets.UTF_8));
            return new Fixtures(json, file.slice().order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream("/pytorch/" + name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cases of the file with their attributes. */
    public Map<String, JsonNode> descriptions() {
        return descriptions;
    }

    public boolean has(String tensor) {
        return header.has(tensor);
    }

    /** The names of tensors below this prefix, without it, in the file's order. */
    public List<String> below(String prefix) {
        List<String> names = new ArrayList<>();
        header.fieldNames().forEachRemaining(n -> {
            if (n.startsWith(prefix)) {
                names.add(n.substring(prefix.length()));
            }
        });
        return names;
    }

    /** The tensor of this name. */
    public Numbers get(String tensor) {
        JsonNode entry = Objects.requireNonNull(header.get(tensor), tensor);
        String type = entry.get("dtype").asText();
        int[] shape = ints(entry.get("shape"));
        int at = entry.get("data_offsets").get(0).asInt();
        int n = 1;
        for (int d : shape) {
            n *= d;
        }
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = switch (type) {
                case "F32" -> data.getFloat(at + i * Float.BYTES);
                case "F64" -> data.getDouble(at + i * Double.BYTES);
                case "I64" -> data.getLong(at + i * Long.BYTES);
                default -> throw new IllegalArgumentException(tensor + " is of type " + type);
            };
        }
        return new Numbers(values, shape, type.equals("I64"));
    }

    /** A JSON array of integers. */
    public static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }
}
