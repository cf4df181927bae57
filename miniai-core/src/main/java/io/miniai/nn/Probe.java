package io.miniai.nn;

import io.miniai.tensor.DType;
import io.miniai.tensor.Shape;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Workspace;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a module without arithmetic on one sample of zeros and notes what its parts do: in evaluation mode,
 * without gradients or the user's hooks, and with mode, hooks, buffers and random generators put back afterwards.
 */
final class Probe {
    /** What a module has to get back. */
    private record Before(
            Module module,
            boolean training,
            @Nullable Interceptor interceptor,
            Map<String, Tensor> buffers,
            long generator) {
        static Before of(Module m) {
            long generator = m instanceof Randomized r ? r.rng().state() : 0;
            return new Before(m, m.training(), m.interceptor(), Map.copyOf(m.ownBuffers()), generator);
        }

        void restore() {
            module.trainingOfThisAlone(training);
            module.interceptor(interceptor);
            module.ownBuffers().putAll(buffers);
            if (module instanceof Randomized r) {
                r.rng().state(generator);
            }
        }
    }

    private final Trace trace;
    private final Module root;
    private final IdentityHashMap<Module, String> paths = new IdentityHashMap<>();
    // By the tensors themselves: where one module's output is another's input, the field follows.
    private final IdentityHashMap<Tensor, @Nullable ReceptiveField> fields = new IdentityHashMap<>();
    private int samples;
    private int batch;

    Probe(Trace trace, String path, Module root) {
        this.trace = trace;
        this.root = root;
        root.namedModules().forEach((name, m) -> paths.put(m, name.isEmpty() ? path : Lookup.join(path, name)));
    }

    /** The shape of the output for an input of shape {@code in}. */
    Shape run(Shape in, DType dtype) {
        int[] dims = in.toArray();
        batch = dims.length == 0 ? 1 : dims[0];
        int steps = trace.steps().size();
        ReceptiveField field = trace.field();
        try {
            return run(1, dims, dtype);
        } catch (Trace.Misfit e) {
            if (batch == 1) {
                throw e;
            }
            // It may rely on the size of the batch; before it is blamed, it gets all of it.
            trace.rewind(steps, field);
            return run(batch, dims, dtype);
        }
    }

    private Shape run(int n, int[] dims, DType dtype) {
        samples = n;
        if (dims.length > 0) {
            dims[0] = n;
        }
        List<Before> before = new ArrayList<>();
        paths.keySet().forEach(m -> before.add(Before.of(m)));
        // Suspended: what a module makes and keeps for later must not end with a training step.
        Workspace.Entered outside = Workspace.suspend();
        try {
            for (Module m : paths.keySet()) {
                m.trainingOfThisAlone(false);
                m.interceptor(this::call);
            }
            Tensor x = Tensor.zeros(dtype, dims);
            fields.clear();
            fields.put(x, trace.field());
            Tensor y = Tensor.noGrad(() -> call(root, x));
            trace.field(fields.get(y));
            return ofBatch(y.shape());
        } finally {
            outside.close();
            before.forEach(Before::restore);
        }
    }

    private Tensor call(Module m, Tensor x) {
        String path = paths.getOrDefault(m, "");
        Shape in = ofBatch(x.shape());
        if (m instanceof ShapeRule rule) {
            trace.requireFit(path, m, rule, in);
        }
        Tensor y;
        try {
            y = m.forward(x);
        } catch (ShapeException e) {
            throw trace.misfit(path, m, in, Objects.toString(e.getMessage()), e);
        }
        note(path, m, in, x, y);
        return y;
    }

    private void note(String path, Module m, Shape in, Tensor x, Tensor y) {
        ReceptiveField before = fields.get(x);
        if (m instanceof ShapeRule rule) {
            fields.put(y, before == null ? null : rule.receptiveField(before, in));
            trace.add(path, m, in, rule.output(in), fields.get(y));
        } else if (!fields.containsKey(y) || !m.ownParameters().isEmpty()) {
            // Not a mere chain of its children: it does something itself.
            trace.add(path, m, in, ofBatch(y.shape()), fields.get(y));
        }
    }

    /** A shape seen with few samples as the whole batch would have it. */
    private Shape ofBatch(Shape s) {
        int[] dims = s.toArray();
        if (dims.length == 0 || dims[0] != samples) {
            return s;
        }
        dims[0] = batch;
        return Shape.of(dims);
    }
}
