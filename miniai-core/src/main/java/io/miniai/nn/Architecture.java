package io.miniai.nn;

import io.miniai.file.Json;
import io.miniai.file.JsonObject;
import io.miniai.tensor.Tensor;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tree of modules as JSON, and back: {@code {"type":"Sequential","children":{"0":{"type":"Linear","settings":{…}}}}}.
 * A module that is there twice is described where it comes first; the second time is {@code {"same":"0.1"}}.
 *
 * <p>No class is ever loaded by a name from a file: what can be made are the layers of this package, and what the
 * caller gives factories for.
 */
final class Architecture {
    static final JsonObject NOTHING = Json.parse("{}");

    private Architecture() {}

    static String describe(Module model) {
        return Json.write(describe("", model, new IdentityHashMap<>()));
    }

    private static Map<String, Object> describe(String path, Module m, Map<Module, String> seen) {
        Map<String, Object> json = new LinkedHashMap<>();
        String before = seen.putIfAbsent(m, path);
        if (before != null) {
            json.put("same", before);
            return json;
        }
        json.put("type", ShippedLayers.name(m.getClass()));
        Map<String, Object> settings = settings(m);
        if (!settings.isEmpty()) {
            json.put("settings", settings);
        }
        Map<String, Object> children = new LinkedHashMap<>();
        m.children().forEach((name, child) -> children.put(name, describe(Lookup.join(path, name), child, seen)));
        if (!children.isEmpty()) {
            json.put("children", children);
        }
        return json;
    }

    private static Map<String, Object> settings(Module m) {
        Map<String, Object> shipped = ShippedLayers.settings(m);
        if (shipped != null) {
            return shipped;
        }
        if (m instanceof Lambda l) {
            return Map.of("name", l.name);
        }
        return m instanceof Configured c ? c.settings() : Map.of();
    }

    /** One file on its way back to modules. */
    static final class Restoring {
        private final Map<String, Tensor> state;
        private final Map<String, ModuleFactory> factories = new HashMap<>();
        private final Map<String, Module> made = new HashMap<>();

        Restoring(Map<String, Tensor> state, Map<? extends Class<? extends Module>, ? extends ModuleFactory> custom) {
            this.state = state;
            custom.forEach((type, factory) -> factories.put(ShippedLayers.name(type), factory));
        }

        Map<String, Tensor> state() {
            return state;
        }

        /** @throws IllegalArgumentException when the description cannot be followed */
        Module restore(String path, JsonObject json) {
            if (json.has("same")) {
                Module first = made.get(json.text("same"));
                if (first == null) {
                    throw new IllegalArgumentException("expected a module at '%s', which '%s' is again; got none"
                            .formatted(json.text("same"), path));
                }
                return first;
            }
            Module m = factory(path, json.text("type")).create(new SavedLayer(this, path, json));
            made.put(path, m);
            return m;
        }

        private ModuleFactory factory(String path, String type) {
            ModuleFactory own = factories.get(type);
            ModuleFactory factory = own != null ? own : ShippedLayers.factory(type);
            if (factory == null) {
                String name = type.replaceFirst(".*[.$][0-9]*", "");
                throw new IllegalArgumentException(
                        ("'%s' is a %s, which miniai cannot make by itself. Give a factory for it, Map.of(%s.class, layer -> …) as the last"
                                        + " argument, or load into a model of your own: loadInto")
                                .formatted(path, type, name.isEmpty() ? "NamedClass" : name));
            }
            return factory;
        }
    }
}
