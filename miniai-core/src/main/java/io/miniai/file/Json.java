package io.miniai.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as maps, lists, texts, longs, doubles and booleans; strict, and with bounds on what it reads. */
public final class Json {
    private static final int MOST_NESTED = 500;
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Would keep what strangers' files named in a table of the process.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_NESTED)
                    .maxNumberLength(100)
                    .maxNameLength(50_000)
                    .maxStringLength((int) Header.MOST_BYTES)
                    .maxDocumentLength(Header.MOST_BYTES)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(MOST_NESTED)
                    .build())
            .build();

    private Json() {}

    /** For those who look for duplicates themselves: remembering every key of every object costs much memory. */
    static JsonParser parser(Reader text) throws IOException {
        return FACTORY.createParser(text).disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
    }

    /** What is wrong with a text, without its surroundings, which may be long and are a stranger's. */
    static String reason(Exception e) {
        if (e instanceof JsonProcessingException j) {
            String where = j.getLocation() == null
                    ? ""
                    : " (character " + j.getLocation().getCharOffset() + ")";
            String text = String.valueOf(j.getOriginalMessage());
            return (text.length() > 200 ? text.substring(0, 200) + "…" : text) + where;
        }
        return String.valueOf(e.getMessage());
    }

    /**
     * Reads a text that is one JSON object.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static JsonObject parse(String text) {
        try (JsonParser p = FACTORY.createParser(text)) {
            Object value = p.nextToken() == JsonToken.START_OBJECT ? value(p) : null;
            if (value == null || p.nextToken() != null) {
                throw new IllegalArgumentException("expected one JSON object; got other text");
            }
            return new JsonObject("", map(value));
        } catch (IOException | IllegalStateException e) {
            throw new IllegalArgumentException("expected JSON; got " + reason(e), e);
        }
    }

    @SuppressWarnings("unchecked") // value() makes no other maps
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** The nesting is bounded by the parser, so the recursion is. */
    private static @Nullable Object value(JsonParser p) throws IOException {
        switch (p.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (String key = p.nextFieldName(); key != null; key = p.nextFieldName()) {
                    p.nextToken();
                    map.put(key, value(p));
                }
                return map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (p.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(p));
                }
                return list;
            }
            case VALUE_STRING -> {
                return p.getText();
            }
            case VALUE_NUMBER_INT -> {
                return p.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> {
                return p.getDoubleValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return p.getBooleanValue();
            }
            default -> {
                return null;
            }
        }
    }

    /**
     * Writes maps with texts as keys, lists, texts, numbers and booleans; the same value gives the same text. Doubles
     * come back as they were; those that are not finite become the texts NaN, Infinity and -Infinity.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static String write(Object value) {
        StringWriter out = new StringWriter();
        try (JsonGenerator g = generator(out)) {
            write(value, g);
        } catch (IOException e) {
            throw new IllegalArgumentException("Expected what JSON can hold; got " + reason(e) + ".", e);
        }
        return out.toString();
    }

    static JsonGenerator generator(Writer out) throws IOException {
        return FACTORY.createGenerator(out);
    }

    private static void write(@Nullable Object value, JsonGenerator g) throws IOException {
        if (value instanceof Map<?, ?> map) {
            g.writeStartObject();
            for (Map.Entry<?, ?> e : map.entrySet()) {
                g.writeFieldName((String) e.getKey());
                write(e.getValue(), g);
            }
            g.writeEndObject();
        } else if (value instanceof List<?> list) {
            g.writeStartArray();
            for (Object o : list) {
                write(o, g);
            }
            g.writeEndArray();
        } else if (value instanceof String s) {
            g.writeString(s);
        } else if (value instanceof Double || value instanceof Float) {
            g.writeNumber(((Number) value).doubleValue());
        } else if (value instanceof Long || value instanceof Integer) {
            g.writeNumber(((Number) value).longValue());
        } else if (value instanceof Boolean b) {
            g.writeBoolean(b);
        } else if (value == null) {
            g.writeNull();
        } else {
            throw new IllegalArgumentException("Expected a map, a list, a text, a number or a boolean; got a "
                    + value.getClass().getName() + ".");
        }
    }
}
