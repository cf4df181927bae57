package io.miniai.nn;

import io.miniai.file.FileException;
import io.miniai.file.Json;
import io.miniai.file.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a model file says of itself, read-only. A file that PyTorch wrote says none of it.
 *
 * @param file the name of the file
 * @param metadata all of its text, by key
 */
public record ModelInfo(String file, Map<String, String> metadata) {
    /** Copies. */
    public ModelInfo {
        metadata = Map.copyOf(metadata);
    }

    /** The version of miniai that wrote it. */
    public Optional<String> libraryVersion() {
        return text(ModelFile.VERSION);
    }

    /** When it was written, in UTC: {@code 2026-11-25T10:15:30Z}. */
    public Optional<String> date() {
        return text(ModelFile.DATE);
    }

    /** The modules as JSON. */
    public Optional<String> architecture() {
        return text(ModelFile.ARCHITECTURE);
    }

    /** What it was trained on. */
    public Optional<String> data() {
        return text(ModelNotes.DATA);
    }

    /**
     * The names of the classes, in the order of the model's outputs.
     *
     * @throws FileException when the file has something else in that place
     */
    public Optional<List<String>> classes() {
        return checked("classes", () -> object(ModelNotes.CLASSES).map(o -> o.texts(ModelNotes.NAMES)));
    }

    /**
     * What one sample is before it goes in.
     *
     * @throws FileException when the file has something else in that place
     */
    public Optional<ModelInput> input() {
        return checked("input", () -> object(ModelNotes.INPUT).map(ModelInput::of));
    }

    private <T> T checked(String what, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw new FileException(file, "its " + what + " are damaged: " + e.getMessage() + ".", e);
        }
    }

    /** What random draws depended on. */
    public Optional<String> seed() {
        return text(ModelNotes.SEED);
    }

    /** A text that the one who saved it gave a key of their own. */
    public Optional<String> text(String key) {
        return Optional.ofNullable(metadata.get(key));
    }

    /** A setting of the training, as text. */
    public Optional<String> hyperparameter(String name) {
        return object(ModelNotes.HYPERPARAMETERS).filter(o -> o.has(name)).map(o -> o.any(name));
    }

    /**
     * How good it was, by name.
     *
     * @throws FileException when the file has something else in that place
     */
    public Map<String, Double> metrics() {
        return checked("metrics", () -> {
            Map<String, Double> metrics = new LinkedHashMap<>();
            object(ModelNotes.METRICS).ifPresent(o -> o.keys().forEach(k -> metrics.put(k, o.number(k))));
            return metrics;
        });
    }

    private Optional<JsonObject> object(String key) {
        try {
            return text(key).map(Json::parse);
        } catch (IllegalArgumentException e) {
            throw new FileException(file, "its metadata '" + key + "' is damaged: " + e.getMessage() + ".", e);
        }
    }
}
