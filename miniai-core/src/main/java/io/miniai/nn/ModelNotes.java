package io.miniai.nn;

import io.miniai.file.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a model comes from, to be saved with it: {@code ModelNotes.none().seed(42).metric("accuracy", 0.91)}. Immutable;
 * every method gives another one.
 */
public final class ModelNotes {
    static final String HYPERPARAMETERS = "miniai.hyperparameters";
    static final String METRICS = "miniai.metrics";
    static final String DATA = "miniai.data";
    static final String SEED = "miniai.seed";
    static final String CLASSES = "miniai.classes";
    static final String INPUT = "miniai.input";
    static final String NAMES = "names";

    private final Map<String, String> texts;
    private final Map<String, Object> hyperparameters;
    private final Map<String, Object> metrics;

    private ModelNotes(Map<String, String> texts, Map<String, Object> hyperparameters, Map<String, Object> metrics) {
        this.texts = texts;
        this.hyperparameters = hyperparameters;
        this.metrics = metrics;
    }

    /** Nothing yet. */
    public static ModelNotes none() {
        return new ModelNotes(Map.of(), Map.of(), Map.of());
    }

    /** What it was trained on: a name, or a fingerprint. */
    public ModelNotes data(String fingerprint) {
        return new ModelNotes(with(texts, DATA, fingerprint), hyperparameters, metrics);
    }

    /** What random draws depended on. */
    public ModelNotes seed(long seed) {
        return new ModelNotes(with(texts, SEED, Long.toString(seed)), hyperparameters, metrics);
    }

    /** The names of the classes, in the order of the model's outputs. */
    public ModelNotes classes(List<String> names) {
        return new ModelNotes(
                with(texts, CLASSES, Json.write(Map.of(NAMES, List.copyOf(names)))), hyperparameters, metrics);
    }

    /** What one sample is before it goes in. */
    public ModelNotes input(ModelInput input) {
        return new ModelNotes(with(texts, INPUT, Json.write(input.json())), hyperparameters, metrics);
    }

    /** A setting of the training: a text, a number or a boolean. */
    public ModelNotes hyperparameter(String name, Object value) {
        return new ModelNotes(texts, with(hyperparameters, name, value), metrics);
    }

    /** How good it is. */
    public ModelNotes metric(String name, double value) {
        return new ModelNotes(texts, hyperparameters, with(metrics, name, value));
    }

    /**
     * Any other text, such as who trained it.
     *
     * @throws IllegalArgumentException for a key that begins with {@code miniai.}, or is {@code format}
     */
    public ModelNotes text(String key, String value) {
        if (key.startsWith(ModelFile.PREFIX) || key.equals(ModelFile.FORMAT)) {
            throw new IllegalArgumentException(
                    "Expected a key of your own; got '" + key + "', which miniai uses. Use another.");
        }
        return new ModelNotes(with(texts, key, value), hyperparameters, metrics);
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> more = new LinkedHashMap<>(map);
        more.put(key, value);
        return Collections.unmodifiableMap(more);
    }

    Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>(texts);
        if (!hyperparameters.isEmpty()) {
            metadata.put(HYPERPARAMETERS, Json.write(hyperparameters));
        }
        if (!metrics.isEmpty()) {
            metadata.put(METRICS, Json.write(metrics));
        }
        return metadata;
    }
}
