package io.miniai.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that was read, asked for what should be in it. Every method throws {@link IllegalArgumentException}
 * when it is not: {@code expected a whole number from 1 to 10 at children.0.in; got "three"}.
 */
public final class JsonObject {
    private final String path;
    private final Map<String, Object> values;

    JsonObject(String path, Map<String, Object> values) {
        this.path = path;
        this.values = values;
    }

    /** The keys, in the order of the text. */
    public Set<String> keys() {
        return values.keySet();
    }

    /** Whether there is a value under this key. */
    public boolean has(String key) {
        return values.get(key) != null;
    }

    /** The text under this key. */
    public String text(String key) {
        if (values.get(key) instanceof String s) {
            return s;
        }
        throw bad("a text", key);
    }

    /** Whatever is under this key, as text; empty when nothing is. */
    public String any(String key) {
        return values.get(key) == null ? "" : String.valueOf(values.get(key));
    }

    /** The whole number under this key, within bounds. */
    public long integer(String key, long least, long most) {
        if (values.get(key) instanceof Long n && n >= least && n <= most) {
            return n;
        }
        throw bad("a whole number from " + least + " to " + most, key);
    }

    /** As {@link #integer}, from 0 up. */
    public int count(String key) {
        return (int) integer(key, 0, Integer.MAX_VALUE);
    }

    /** The number under this key; one that is not finite is stored as a text. */
    public double number(String key) {
        Object value = values.get(key);
        if (value instanceof Number n) {
            return n.doubleValue();
        }
        if (value instanceof String s) {
            switch (s) {
                case "NaN" -> {
                    return Double.NaN;
                }
                case "Infinity" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-Infinity" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> {}
            }
        }
        throw bad("a number", key);
    }

    /** The boolean under this key. */
    public boolean flag(String key) {
        if (values.get(key) instanceof Boolean b) {
            return b;
        }
        throw bad("true or false", key);
    }

    /** The object under this key. */
    public JsonObject object(String key) {
        if (values.get(key) instanceof Map<?, ?> m) {
            return new JsonObject(at(key), Json.map(m));
        }
        throw bad("an object", key);
    }

    /** The objects of the list under this key. */
    public List<JsonObject> objects(String key) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object o : list(key)) {
            if (!(o instanceof Map<?, ?> m)) {
                throw bad("a list of objects", key);
            }
            objects.add(new JsonObject(at(key) + "." + objects.size(), Json.map(m)));
        }
        return objects;
    }

    /** The texts of the list under this key. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Object o : list(key)) {
            if (!(o instanceof String s)) {
                throw bad("a list of texts", key);
            }
            texts.add(s);
        }
        return texts;
    }

    /** The whole numbers of the list under this key, which has to be of a length. */
    public int[] integers(String key, int length) {
        List<?> list = list(key);
        int[] numbers = new int[length];
        for (int i = 0; i < length; i++) {
            if (list.size() != length || !(list.get(i) instanceof Long n) || n != n.intValue()) {
                throw bad("a list of " + length + " whole numbers", key);
            }
            numbers[i] = n.intValue();
        }
        return numbers;
    }

    private List<?> list(String key) {
        if (values.get(key) instanceof List<?> l) {
            return l;
        }
        throw bad("a list", key);
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private IllegalArgumentException bad(String expected, String key) {
        @Nullable Object value = values.get(key);
        String got = value == null ? "nothing" : value instanceof String s ? "\"" + s + "\"" : value.toString();
        return new IllegalArgumentException("expected " + expected + " at " + at(key) + "; got "
                + (got.length() > 100 ? got.substring(0, 100) + "…" : got));
    }
}
