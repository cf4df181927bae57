package io.miniai.learn;

import io.miniai.file.JsonObject;
import io.miniai.nn.Module;
import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of a learner is not as a checkpoint has it: everything that the weights would depend on. */
final class Comparison {
    private final JsonObject saved;
    private final Map<String, Tensor> tensors;
    private final List<String> differences = new ArrayList<>();

    Comparison(JsonObject saved, Map<String, Tensor> tensors) {
        this.saved = saved;
        this.tensors = tensors;
    }

    /** Each difference as {@code optimizer momentum: was 0.9, is 0.5}. */
    List<String> with(Learner learn, Run run) {
        compare("layer", saved.object("modules"), modules(learn.model()));
        if (differences.isEmpty()) {
            compareState(learn.model());
        }
        Map<String, Object> optimizer = run.optimizerSettings();
        JsonObject savedOptimizer = saved.object("optimizer");
        compare("optimizer", savedOptimizer, optimizer, Set.of("lr"));
        JsonObject savedData = saved.object("data");
        Map<String, Map<String, Object>> data = data(learn.dls());
        for (String part : List.of("train", "valid")) {
            compare(part + " data", savedData.object(part), data.getOrDefault(part, Map.of()));
        }
        Set<String> here = SavedFit.stateful(run).keySet();
        for (String name : saved.object("callbacks").keys()) {
            if (!here.contains(name)) {
                differences.add("callback " + name + ": was there, is not");
            }
        }
        return differences;
    }

    private void compareState(Module model) {
        Map<String, String> was = new LinkedHashMap<>();
        tensors.forEach((name, t) -> {
            if (!name.startsWith(".")) {
                was.put(name, t.dtype() + " " + t.shape());
            }
        });
        Map<String, String> is = new LinkedHashMap<>();
        model.state().forEach((name, t) -> is.put(name, t.dtype() + " " + t.shape()));
        Set<String> names = new LinkedHashSet<>(was.keySet());
        names.addAll(is.keySet());
        for (String name : names) {
            add("tensor " + name, was.getOrDefault(name, ""), is.getOrDefault(name, ""));
        }
    }

    private void compare(String what, JsonObject was, Map<String, ?> is) {
        compare(what, was, is, Set.of());
    }

    private void compare(String what, JsonObject was, Map<String, ?> is, Set<String> except) {
        Set<String> keys = new LinkedHashSet<>(was.keys());
        keys.addAll(is.keySet());
        keys.removeAll(except);
        for (String key : keys) {
            Object value = is.get(key);
            add(what + (key.isEmpty() ? "" : " " + key), was.any(key), value == null ? "" : value.toString());
        }
    }

    private void add(String what, String was, String is) {
        if (!was.equals(is)) {
            differences.add(what + ": was " + (was.isEmpty() ? "not there" : was) + ", is "
                    + (is.isEmpty() ? "not there" : is));
        }
    }

    // ---- what is compared -----------------------------------------------------------------------

    static Map<String, Object> modules(Module model) {
        Map<String, Object> labels = new LinkedHashMap<>();
        model.namedModules().forEach((path, m) -> labels.put(path, m.label()));
        return labels;
    }

    static Map<String, Map<String, Object>> data(TrainValid dls) {
        Map<String, Map<String, Object>> data = new LinkedHashMap<>();
        data.put("train", fingerprint(dls.train()));
        Batches valid = dls.valid();
        data.put("valid", valid == null ? Map.of() : fingerprint(valid));
        return data;
    }

    private static Map<String, Object> fingerprint(Batches batches) {
        return batches instanceof ResumableBatches r
                ? new LinkedHashMap<>(r.fingerprint())
                : Map.of("batches", batches.size());
    }
}
