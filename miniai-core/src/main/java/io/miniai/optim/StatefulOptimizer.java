package io.miniai.optim;

import io.miniai.tensor.DType;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all optimizers share: which parameters take part, the learning rate, and state kept per parameter. */
abstract class StatefulOptimizer implements Optimizer {
    private static final String STEP = "step";

    private final List<Tensor> parameters;
    private final Map<String, @Nullable Tensor[]> slots = new LinkedHashMap<>();
    private final long[] steps;
    private double lr;

    StatefulOptimizer(List<Tensor> params, double lr) {
        this.parameters = List.copyOf(params);
        this.lr = atLeastZero("a learning rate", lr);
        this.steps = new long[parameters.size()];
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("Expected parameters to optimize; got none. Does the model have any?");
        }
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < parameters.size(); i++) {
            if (!seen.add(parameters.get(i))) {
                throw new IllegalArgumentException(
                        "Parameter %d %s is given twice. Use model.parameters(), which lists each once."
                                .formatted(i, parameters.get(i).shape()));
            }
        }
    }

    /** Changes parameter {@code i} for the {@code step}-th time, counted from 1. */
    abstract void update(int i, Tensor p, long step);

    @Override
    public final void step() {
        for (int i = 0; i < steps.length; i++) {
            Tensor p = parameters.get(i);
            if (p.requiresGrad() && p.hasGrad()) {
                update(i, p, ++steps[i]);
            }
        }
    }

    @Override
    public final void zeroGrad() {
        for (Tensor p : parameters) {
            p.zeroGrad();
        }
    }

    @Override
    public final double lr() {
        return lr;
    }

    @Override
    public final void lr(double lr) {
        this.lr = atLeastZero("a learning rate", lr);
    }

    @Override
    public final List<Tensor> parameters() {
        return parameters;
    }

    // ---- state ----------------------------------------------------------------------------------

    /** State of one kind, by parameter; null until the parameter's first step. */
    final @Nullable Tensor[] slots(String name) {
        return slots.computeIfAbsent(name, n -> new Tensor[parameters.size()]);
    }

    /** The state of parameter {@code i} in {@code slots}, zeros at first. */
    final Tensor slot(@Nullable Tensor[] slots, int i) {
        Tensor t = slots[i];
        if (t == null) {
            t = TensorUpdates.state(parameters.get(i));
            slots[i] = t;
        }
        return t;
    }

    @Override
    public final Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        slots.forEach((name, tensors) -> {
            for (int i = 0; i < tensors.length; i++) {
                Tensor t = tensors[i];
                if (t != null) {
                    state.put(name + "." + i, t);
                }
            }
        });
        for (int i = 0; i < steps.length; i++) {
            if (steps[i] > 0) {
                state.put(STEP + "." + i, Tensor.of(new long[] {steps[i]}, 1).keep());
            }
        }
        return state;
    }

    @Override
    public final void load(Map<String, Tensor> state) {
        List<Runnable> assignments = new ArrayList<>();
        state.forEach((name, t) -> assignments.add(assignment(name, t)));
        // Only now that all of it is known to fit.
        slots.values().forEach(s -> Arrays.fill(s, null));
        Arrays.fill(steps, 0);
        assignments.forEach(Runnable::run);
    }

    private Runnable assignment(String name, Tensor t) {
        int dot = name.lastIndexOf('.');
        String kind = name.substring(0, Math.max(0, dot));
        int i = index(name.substring(dot + 1));
        if (i < 0 || !(kind.equals(STEP) || slots.containsKey(kind))) {
            throw new IllegalArgumentException("%s has no state '%s': expected %s or %s, then a dot and 0 to %d."
                    .formatted(
                            getClass().getSimpleName(),
                            name,
                            String.join(", ", slots.keySet()),
                            STEP,
                            steps.length - 1));
        }
        if (kind.equals(STEP)) {
            if (t.dtype() != DType.INT64 || t.numel() != 1) {
                throw new IllegalArgumentException(
                        "Expected one INT64 number for '%s'; got %s %s.".formatted(name, t.dtype(), t.shape()));
            }
            long step = t.toLongArray()[0];
            return () -> steps[i] = step;
        }
        Tensor p = parameters.get(i);
        if (!t.shape().equals(p.shape()) || t.dtype() != p.dtype()) {
            throw new IllegalArgumentException(
                    "Expected %s %s for '%s', as its parameter; got %s %s. Is it another model's state?"
                            .formatted(p.dtype(), p.shape(), name, t.dtype(), t.shape()));
        }
        return () -> TensorUpdates.assign(slot(slots(kind), i), t);
    }

    private int index(String digits) {
        try {
            int i = Integer.parseInt(digits);
            return i < steps.length ? i : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    // ---- settings -------------------------------------------------------------------------------

    static double atLeastZero(String what, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Expected %s of at least 0; got %s.".formatted(what, value));
        }
        return value;
    }

    static double fraction(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("Expected %s of at least 0 and below 1; got %s.".formatted(what, value));
        }
        return value;
    }
}
