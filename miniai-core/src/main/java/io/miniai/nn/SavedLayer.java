package io.miniai.nn;

import io.miniai.file.JsonObject;
import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a model file says of one module. */
public final class SavedLayer {
    private final Architecture.Restoring file;
    private final String path;
    private final JsonObject json;

    SavedLayer(Architecture.Restoring file, String path, JsonObject json) {
        this.file = file;
        this.path = path;
        this.json = json;
    }

    /** Where it is in the model: {@code 0.1}; empty for the model itself. */
    public String path() {
        return path;
    }

    /** The settings it was saved with, see {@link Configured}. */
    public JsonObject settings() {
        return json.has("settings") ? json.object("settings") : Architecture.NOTHING;
    }

    /** The names of its children, in order. */
    public Set<String> children() {
        return json.has("children") ? json.object("children").keys() : Set.of();
    }

    /**
     * Makes a child again.
     *
     * @throws IllegalArgumentException when there is none of this name, or it cannot be made
     */
    public Module child(String name) {
        return file.restore(Lookup.join(path, name), json.object("children").object(name));
    }

    /** The shape of one of its tensors in the file; null when it has none of this name. */
    public @Nullable Shape shapeOf(String name) {
        Tensor t = file.state().get(Lookup.join(path, name));
        return t == null ? null : t.shape();
    }

    /** Refuses sizes that only the description claims, before anything of those sizes is made. */
    void expect(String name, int... shape) {
        Shape expected = Shape.of(shape);
        Shape got = shapeOf(name);
        if (got == null || !expected.equals(got)) {
            throw new IllegalArgumentException("expected a tensor '%s' %s by the architecture; got %s"
                    .formatted(Lookup.join(path, name), expected, got == null ? "none" : got));
        }
    }
}
