package io.miniai.learn;

import io.miniai.file.JsonObject;
import io.miniai.nn.Module;
import io.miniai.nn.Randomized;
import io.miniai.optim.Optimizer;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a checkpoint holds of a running fit, as values and tensors. */
final class SavedFit {
    static final String OPTIMIZER = ".optimizer.";
    static final String GRADIENT = ".gradient.";

    private final Learner learn;
    private final Run run;
    private final Position position;
    private final Map<String, StatefulCallback.State> callbacks = new LinkedHashMap<>();

    SavedFit(Learner learn, Run run, Position position) {
        this.learn = learn;
        this.run = run;
        this.position = position;
        stateful(run).forEach((name, callback) -> callbacks.put(name, callback.saveState()));
    }

    static String callbackPrefix(String name) {
        return ".callback." + name + ".";
    }

    /** By class; a second one of a class has a number. */
    static Map<String, StatefulCallback> stateful(Run run) {
        Map<String, StatefulCallback> found = new LinkedHashMap<>();
        for (Callback c : run.callbacks()) {
            if (c instanceof StatefulCallback s) {
                String name = Steps.nameOf(c);
                String free = name;
                for (int i = 2; found.containsKey(free); i++) {
                    free = name + " " + i;
                }
                found.put(free, s);
            }
        }
        return found;
    }

    static Map<String, Rng> generators(Module model) {
        Map<String, Rng> found = new LinkedHashMap<>();
        model.namedModules().forEach((path, m) -> {
            if (m instanceof Randomized r) {
                found.put(path, r.rng());
            }
        });
        return found;
    }

    // ---- tensors --------------------------------------------------------------------------------

    Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>(learn.model().state());
        learn.model().namedParameters().forEach((name, p) -> {
            if (p.hasGrad()) {
                tensors.put(GRADIENT + name, Objects.requireNonNull(p.grad()));
            }
        });
        Optimizer optimizer = run.optimizer();
        if (optimizer != null) {
            optimizer.state().forEach((name, t) -> tensors.put(OPTIMIZER + name, t));
        }
        callbacks.forEach((name, state) ->
                state.tensors().forEach((key, t) -> tensors.put(callbackPrefix(name) + key, t)));
        return tensors;
    }

    // ---- values ---------------------------------------------------------------------------------

    Map<String, Object> values(int version) {
        Map<String, Object> v = new LinkedHashMap<>();
        v.put("version", version);
        v.put("position", position());
        v.put("options", options());
        v.put("modules", Comparison.modules(learn.model()));
        v.put("optimizer", optimizer());
        v.put("data", Comparison.data(learn.dls()));
        v.put("loaders", loaders());
        Map<String, Object> random = new LinkedHashMap<>();
        generators(learn.model()).forEach((path, rng) -> random.put(path, rng.state()));
        v.put("random", random);
        List<String> frozen = new ArrayList<>();
        learn.model().namedParameters().forEach((name, p) -> {
            if (!p.requiresGrad()) {
                frozen.add(name);
            }
        });
        v.put("frozen", frozen);
        Map<String, Object> states = new LinkedHashMap<>();
        callbacks.forEach((name, state) -> states.put(name, state.values()));
        v.put("callbacks", states);
        List<Object> history = new ArrayList<>();
        learn.history().forEach(e -> history.add(values(e)));
        v.put("history", history);
        return v;
    }

    private Map<String, Object> position() {
        return Map.of("epoch", position.epoch(), "batches", position.batches(), "in pass", position.inPass());
    }

    private Map<String, Object> options() {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("epochs", run.epochs());
        o.put("train", run.options().train());
        o.put("valid", run.options().valid());
        Double rate = run.rate();
        if (rate != null) {
            o.put("lr", rate);
        }
        return o;
    }

    private Map<String, Object> optimizer() {
        Map<String, Object> o = new LinkedHashMap<>(run.optimizerSettings());
        Optimizer optimizer = run.optimizer();
        if (optimizer != null) {
            o.put("lr", optimizer.lr());
        }
        return o;
    }

    private Map<String, Object> loaders() {
        Map<String, Object> l = new LinkedHashMap<>();
        nextEpoch("train", learn.dls().train(), l);
        nextEpoch("valid", learn.dls().valid(), l);
        l.put("running", position.inPass() ? run.loaderEpoch() : -1);
        return l;
    }

    private static void nextEpoch(String key, @Nullable Batches batches, Map<String, Object> into) {
        if (batches instanceof ResumableBatches r) {
            into.put(key, r.nextEpoch());
        }
    }

    // ---- history --------------------------------------------------------------------------------

    private static Map<String, Object> values(EpochRecord e) {
        Map<String, Object> v = new LinkedHashMap<>();
        v.put("epoch", e.epoch());
        v.put("train loss", e.trainLoss());
        v.put("valid loss", e.validLoss());
        v.put("train", e.trainMetrics());
        v.put("valid", e.validMetrics());
        v.put("seconds", e.seconds());
        return v;
    }

    static List<EpochRecord> history(List<JsonObject> saved) {
        return saved.stream()
                .map(v -> new EpochRecord(
                        v.count("epoch"),
                        v.number("train loss"),
                        v.number("valid loss"),
                        metrics(v.object("train")),
                        metrics(v.object("valid")),
                        v.number("seconds")))
                .toList();
    }

    private static Map<String, Double> metrics(JsonObject saved) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        saved.keys().forEach(name -> metrics.put(name, saved.number(name)));
        return java.util.Collections.unmodifiableMap(metrics);
    }
}
