package io.miniai.nn;

import io.miniai.tensor.DType;
import io.miniai.tensor.Shape;
import io.miniai.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows a shape through a model, layer by layer: by arithmetic where a layer has a {@link ShapeRule}, by a
 * {@link Probe} where not.
 */
final class Trace {
    /** One layer and what it did; unknown facts are null. */
    record Step(
            String path,
            Module module,
            Shape in,
            Shape out,
            @Nullable Long multiplyAdds,
            @Nullable ReceptiveField field) {

        /** Whether it decides the shape, instead of passing it on or laying it out anew. */
        boolean decides() {
            return in.numel() != out.numel()
                    || !module.ownParameters().isEmpty()
                    || (in.rank() > 0 && out.rank() > 0 && in.dim(0) != out.dim(0));
        }
    }

    /** An input that does not fit; the message is complete. Not a ShapeException, to pass through modules unexplained. */
    static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String text;

        Misfit(String text, @Nullable Throwable cause) {
            super(text, cause);
            this.text = text;
        }
    }

    /** A module without arithmetic, where only arithmetic is wanted. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unknown() {
            super(null, null, false, false);
        }
    }

    private final Shape input;
    private final boolean mayRun;
    private final List<Step> steps = new ArrayList<>();
    private DType dtype;
    private @Nullable ReceptiveField field;
    private Shape output;

    private Trace(Shape input, DType dtype, boolean mayRun) {
        this.input = input;
        this.dtype = dtype;
        this.mayRun = mayRun;
        this.field = ReceptiveField.of(input);
        this.output = input;
    }

    /** The trace of a batch of shape {@code in}. @throws ShapeException when a layer does not fit */
    static Trace of(Module model, Shape in, DType dtype) {
        Trace t = new Trace(in, dtype, true);
        try {
            t.output = t.follow("", model, in);
        } catch (Misfit e) {
            throw e.getCause() == null ? new ShapeException(e.text) : new ShapeException(e.text, e.getCause());
        }
        return t;
    }

    /** Why {@code in} does not fit, found without running anything; null when there is no saying. */
    static @Nullable String misfit(Module model, Shape in) {
        try {
            new Trace(in, DType.FLOAT32, false).follow("", model, in);
            return null;
        } catch (Misfit e) {
            return e.text;
        } catch (Unknown e) {
            return null;
        }
    }

    private Shape follow(String path, Module m, Shape in) {
        if (m instanceof ShapeRule rule) {
            requireFit(path, m, rule, in);
            add(path, m, in, rule.output(in), field == null ? null : rule.receptiveField(field, in));
            return rule.output(in);
        }
        if (m instanceof Sequential) {
            Shape s = in;
            for (var child : m.children().entrySet()) {
                s = follow(Lookup.join(path, child.getKey()), child.getValue(), s);
            }
            return s;
        }
        if (!mayRun) {
            throw new Unknown();
        }
        return new Probe(this, path, m).run(in, dtype);
    }

    void requireFit(String path, Module m, ShapeRule rule, Shape in) {
        String why = rule.misfit(in);
        if (why != null) {
            throw misfit(path, m, in, why, null);
        }
    }

    Misfit misfit(String path, Module m, Shape in, String why, @Nullable Throwable cause) {
        return new Misfit(Messages.misfit(path, m, in, giver(), input, why), cause);
    }

    void add(String path, Module m, Shape in, Shape out, @Nullable ReceptiveField after) {
        steps.add(new Step(path, m, in, out, m instanceof ShapeRule rule ? rule.multiplyAdds(in) : null, after));
        field = after;
        dtype = dtype.isFloatingPoint() ? dtype : DType.FLOAT32;
    }

    @Nullable
    ReceptiveField field() {
        return field;
    }

    /** Corrects the field after a module whose parts did not simply follow each other. */
    void field(@Nullable ReceptiveField now) {
        field = now;
    }

    /** Forgets all but the first {@code n} steps. */
    void rewind(int n, @Nullable ReceptiveField then) {
        steps.subList(n, steps.size()).clear();
        field = then;
    }

    List<Step> steps() {
        return steps;
    }

    Shape output() {
        return output;
    }

    /** The layer that decided the current shape, or null when that is the input's. */
    @Nullable
    Step giver() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).decides()) {
                return steps.get(i);
            }
        }
        return null;
    }
}
