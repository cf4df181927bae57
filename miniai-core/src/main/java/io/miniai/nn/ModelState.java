package io.miniai.nn;

import io.miniai.tensor.DType;
import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Takes the values out of modules and puts others in. */
final class ModelState {
    private ModelState() {}

    static Map<String, Tensor> of(Module m) {
        Map<String, Tensor> state = new LinkedHashMap<>(m.namedParameters());
        state.putAll(m.namedBuffers());
        return Collections.unmodifiableMap(state);
    }

    static void load(Module m, Map<String, Tensor> state) {
        StateMismatch mismatch = compare(m, state, true);
        if (!mismatch.isEmpty()) {
            throw new IllegalArgumentException("expected the state of this model; " + mismatch
                    + ". Use the model it was saved from, or loadMatching, which takes over what fits.");
        }
        of(m).forEach((name, own) -> set(m, name, own, state));
    }

    static StateMismatch loadMatching(Module m, Map<String, Tensor> state) {
        StateMismatch mismatch = compare(m, state, false);
        of(m).forEach((name, own) -> {
            Tensor t = state.get(name);
            if (t != null && fits(own, t, false)) {
                set(m, name, own, state);
            }
        });
        return mismatch;
    }

    private static StateMismatch compare(Module m, Map<String, Tensor> state, boolean exactType) {
        List<String> missing = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        List<String> different = new ArrayList<>();
        Map<String, Tensor> own = of(m);
        own.forEach((name, expected) -> {
            Tensor got = state.get(name);
            if (got == null) {
                missing.add(name + " " + kind(expected));
            } else if (!fits(expected, got, exactType)) {
                different.add(name + ": expected " + kind(expected) + ", got " + kind(got));
            }
        });
        state.forEach((name, got) -> {
            if (!own.containsKey(name)) {
                unexpected.add(name + " " + kind(got));
            }
        });
        return new StateMismatch(missing, unexpected, different);
    }

    private static boolean fits(Tensor own, Tensor other, boolean exactType) {
        DType type = own.dtype();
        boolean types = exactType ? other.dtype() == type : other.dtype().isFloatingPoint() == type.isFloatingPoint();
        return types && other.shape().equals(own.shape());
    }

    static String kind(Tensor t) {
        return kind(t.dtype(), t.shape());
    }

    static String kind(DType type, Shape shape) {
        return type + " " + shape;
    }

    /** Parameters are overwritten, since optimizers hold them; a buffer that somebody holds shall not change. */
    private static void set(Module m, String name, Tensor own, Map<String, Tensor> state) {
        Tensor value = Objects.requireNonNull(state.get(name)).toDType(own.dtype());
        if (m.namedParameters().containsKey(name)) {
            TensorUpdates.assign(own, value);
            return;
        }
        int dot = name.lastIndexOf('.');
        Module owner = m.get(name.substring(0, Math.max(0, dot)));
        Tensor copy = TensorUpdates.state(own);
        TensorUpdates.assign(copy, value);
        owner.ownBuffers().put(name.substring(dot + 1), copy);
    }
}
