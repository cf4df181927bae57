package io.miniai.nn;

import io.miniai.tensor.Tensor;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Finds modules and tensors by dotted names, and says what is there when they are not. */
final class Lookup {
    private Lookup() {}

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** A module and all below it, each under its first name, parents first. */
    static Map<String, Module> modules(Module root) {
        Map<String, Module> out = new LinkedHashMap<>();
        collect("", root, identitySet(), out);
        return Collections.unmodifiableMap(out);
    }

    private static void collect(String path, Module m, Set<Module> seen, Map<String, Module> out) {
        if (seen.add(m)) {
            out.put(path, m);
            m.children().forEach((name, child) -> collect(join(path, name), child, seen, out));
        }
    }

    /** The tensors of one kind in a module and all below it, each under its first name. */
    static Map<String, Tensor> tensors(Module root, Function<Module, Map<String, Tensor>> own) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        Set<Tensor> seen = identitySet();
        modules(root)
                .forEach((path, m) -> own.apply(m).forEach((name, t) -> {
                    if (seen.add(t)) {
                        out.put(join(path, name), t);
                    }
                }));
        return Collections.unmodifiableMap(out);
    }

    private static <T> Set<T> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    static Module module(Module root, String path) {
        Module m = root;
        String at = "";
        if (path.isEmpty()) {
            return m;
        }
        for (String name : path.split("\\.", -1)) {
            Module next = m.children().get(name);
            if (next == null) {
                throw new IllegalArgumentException("No module '%s': %s has %s."
                        .formatted(
                                path,
                                where(at, m),
                                list("children", m.children().keySet())));
            }
            m = next;
            at = join(at, name);
        }
        return m;
    }

    static Tensor tensor(Module root, String name, String kind, Function<Module, Map<String, Tensor>> own) {
        int dot = name.lastIndexOf('.');
        String path = dot < 0 ? "" : name.substring(0, dot);
        Module m = module(root, path);
        Tensor t = own.apply(m).get(name.substring(dot + 1));
        if (t == null) {
            throw new IllegalArgumentException("No %s '%s': %s has %s."
                    .formatted(
                            kind,
                            name,
                            where(path, m),
                            list(kind + "s", own.apply(m).keySet())));
        }
        return t;
    }

    static String noIndex(Module m, int i) {
        int n = m.children().size();
        return n == 0
                ? "No child %d: %s has no children.".formatted(i, m.label())
                : "No child %d: %s has children 0 to %d.".formatted(i, m.label(), n - 1);
    }

    private static String where(String path, Module m) {
        return path.isEmpty() ? m.label() : "'" + path + "' " + m.label();
    }

    private static String list(String kind, Collection<String> names) {
        return names.isEmpty() ? "no " + kind : kind + " " + String.join(", ", names);
    }
}
