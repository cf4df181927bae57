package io.miniai.nn;

import io.miniai.file.FileException;
import io.miniai.file.Json;
import io.miniai.file.JsonObject;
import io.miniai.file.Safetensors;
import io.miniai.tensor.Tensor;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Models in files: parameters and buffers as {@link Safetensors} with PyTorch's names and layouts, and what the model
 * is made of and where it comes from as text beside them.
 *
 * <pre>{@code
 * ModelFile.save(cnn, Path.of("cnn.safetensors"));
 * Module again = ModelFile.load(Path.of("cnn.safetensors"));
 * }</pre>
 *
 * <p>A file alone is enough for models of layers that ship; a custom module needs a factory, or a model to load into.
 * Files that PyTorch wrote are loaded into a model, too. Everything wrong with a file is a {@link FileException}.
 */
public final class ModelFile {
    static final String PREFIX = "miniai.";
    static final String ARCHITECTURE = PREFIX + "architecture";
    static final String VERSION = PREFIX + "version";
    static final String DATE = PREFIX + "date";
    /** PyTorch's libraries look for it, and expect {@code pt}. */
    static final String FORMAT = "format";

    private ModelFile() {}

    /**
     * Saves a model as a whole or not at all.
     *
     * @throws FileException when it cannot be written; an old file is still there then
     */
    public static void save(Module model, Path file) {
        save(model, file, ModelNotes.none());
    }

    /** As {@link #save(Module, Path)}, with notes on where it comes from. */
    public static void save(Module model, Path file, ModelNotes notes) {
        Safetensors.write(file, model.state(), metadata(model, notes));
    }

    /** The text that goes with a model; for files that hold more than one, such as checkpoints. */
    public static Map<String, String> metadata(Module model, ModelNotes notes) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT, "pt");
        metadata.put(VERSION, Objects.requireNonNullElse(version(), "development"));
        metadata.put(DATE, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        metadata.put(ARCHITECTURE, Architecture.describe(model));
        metadata.putAll(notes.metadata());
        return metadata;
    }

    private static @Nullable String version() {
        return ModelFile.class.getPackage().getImplementationVersion();
    }

    /**
     * Makes a model of a file alone, in evaluation mode.
     *
     * @throws FileException when it is no model file of miniai, or has custom modules
     */
    public static Module load(Path file) {
        return load(file, Map.of());
    }

    /**
     * Makes a model of a file, custom modules by factories: {@code Map.of(Residual.class, layer -> new
     * Residual(layer.child("body")))}.
     *
     * @throws FileException when it is no model file of miniai, or has modules without a factory
     */
    public static Module load(Path file, Map<? extends Class<? extends Module>, ? extends ModuleFactory> factories) {
        return restore(Safetensors.read(file), file.toString(), factories);
    }

    /** As {@link #load(Path)}, of a file's content in memory, such as a resource of an application. */
    public static Module load(byte[] content, String name) {
        return restore(Safetensors.read(content, name), name, Map.of());
    }

    /** A model of its own with the same values, in evaluation mode; what {@link #load} cannot restore it cannot copy. */
    public static Module copy(Module model) {
        return copy(model, Map.of());
    }

    /**
     * As {@link #copy(Module)}, custom modules by factories as in {@link #load(Path, Map)}. A {@link Lambda}, which has no
     * state, is shared.
     *
     * @throws IllegalArgumentException when there is a custom module without a factory
     */
    public static Module copy(Module model, Map<? extends Class<? extends Module>, ? extends ModuleFactory> factories) {
        Map<Class<? extends Module>, ModuleFactory> all = new HashMap<>();
        all.put(Lambda.class, layer -> model.get(layer.path()));
        all.putAll(factories);
        return made(Json.parse(Architecture.describe(model)), model.state(), all);
    }

    private static Module made(
            JsonObject architecture,
            Map<String, Tensor> state,
            Map<? extends Class<? extends Module>, ? extends ModuleFactory> factories) {
        return Init.aside(() -> {
            Module m = new Architecture.Restoring(state, factories).restore("", architecture);
            m.load(state);
            return m.eval();
        });
    }

    private static Module restore(
            Safetensors content,
            String file,
            Map<? extends Class<? extends Module>, ? extends ModuleFactory> factories) {
        String architecture = content.metadata().get(ARCHITECTURE);
        if (architecture == null) {
            throw new FileException(
                    file,
                    "expected a model that miniai saved; got tensors without an architecture. Load them into a model:"
                            + " ModelFile.loadInto(model, path).");
        }
        Map<String, Tensor> state = stateOf(content);
        try {
            return made(Json.parse(architecture), state, factories);
        } catch (RuntimeException e) {
            throw new FileException(file, "the model cannot be made: " + e.getMessage() + ".", e);
        }
    }

    /**
     * Loads the values of all parameters and buffers into a model.
     *
     * @throws FileException when a name is missing or unexpected, or a shape or type is another; the message lists all
     *     of them, and the model has not been changed
     */
    public static void loadInto(Module model, Path file) {
        Map<String, Tensor> state = stateOf(Safetensors.read(file));
        try {
            model.load(state);
        } catch (IllegalArgumentException e) {
            throw new FileException(file.toString(), String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Loads the values that fit into a model; the rest of it stays as it is.
     *
     * @return what did not fit
     */
    public static StateMismatch loadMatching(Module model, Path file) {
        return model.loadMatching(stateOf(Safetensors.read(file)));
    }

    /**
     * What a file says of itself, without reading its tensors.
     *
     * @throws FileException when it is no safetensors file
     */
    public static ModelInfo info(Path file) {
        return new ModelInfo(file.toString(), Safetensors.readMetadata(file));
    }

    /** A checkpoint is a model file with more in it, under names that no module can have: they begin with a dot. */
    private static Map<String, Tensor> stateOf(Safetensors content) {
        Map<String, Tensor> state = new LinkedHashMap<>(content.tensors());
        state.keySet().removeIf(name -> name.startsWith("."));
        return state;
    }
}
