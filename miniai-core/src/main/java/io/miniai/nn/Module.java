package io.miniai.nn;

import io.miniai.tensor.Device;
import io.miniai.tensor.Shape;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a network: one tensor in, one tensor out, with the parameters, buffers and child modules it owns.
 *
 * <p>A custom module registers what it owns in its constructor and defines {@link #forward}; it calls its
 * children by {@link #apply}, so that hooks, summaries and error messages see them:
 *
 * <pre>{@code
 * final class Residual extends Module {
 *     private final Module body;
 *
 *     Residual(Module body) {
 *         this.body = child("body", body);
 *     }
 *
 *     @Override
 *     protected Tensor forward(Tensor x) {
 *         return x.add(body.apply(x));
 *     }
 * }
 * }</pre>
 *
 * <p>Names are joined by dots as in PyTorch: {@code 0.0.weight} is parameter {@code weight} of child {@code 0}
 * of child {@code 0}. Not thread-safe while it is being trained, hooked or summarised.
 */
public abstract class Module {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, Module> children = new LinkedHashMap<>();
    private boolean training = true;
    private @Nullable Hooks hooks;
    private @Nullable Interceptor interceptor;

    /** What the module computes. To be defined, not called: callers use {@link #apply}. */
    protected abstract Tensor forward(Tensor x);

    /**
     * Runs the module on {@code x}.
     *
     * @throws ShapeException when {@code x} does not fit; the message names the layer and the fix
     */
    public final Tensor apply(Tensor x) {
        Interceptor i = interceptor;
        try {
            Tensor y = i == null ? forward(x) : i.call(this, x);
            return Objects.requireNonNull(
                    y, () -> getClass().getName() + ": expected a tensor; forward returned null.");
        } catch (ShapeException e) {
            throw ShapeCheck.explain(this, x.shape(), e);
        }
    }

    // ---- what subclasses register ---------------------------------------------------------------

    /**
     * Registers a trainable tensor, for the constructor of a subclass.
     *
     * @return {@code t}, which from now on collects gradients
     */
    protected final Tensor parameter(String name, Tensor t) {
        requireFree(name);
        parameters.put(name, t.keep().requiresGrad(true));
        return t;
    }

    /**
     * Registers a tensor that belongs to the state but is not trained (a running mean), or replaces it by a new
     * value. Read it back by {@link #buffer(String)}: a field would not see it replaced when a state is loaded.
     *
     * @return {@code t}, cut from the tape
     */
    protected final Tensor buffer(String name, Tensor t) {
        if (!buffers.containsKey(name)) {
            requireFree(name);
        }
        Tensor kept = t.detach().keep();
        buffers.put(name, kept);
        return kept;
    }

    /**
     * Registers a module that this one is made of, for the constructor of a subclass.
     *
     * @return {@code m}
     */
    protected final <M extends Module> M child(String name, M m) {
        requireFree(name);
        if (m.namedModules().containsValue(this)) {
            throw new IllegalArgumentException(
                    "child '%s' of %s: a module cannot be part of itself.".formatted(name, label()));
        }
        children.put(name, m);
        return m;
    }

    private void requireFree(String name) {
        if (name.isEmpty() || name.indexOf('.') >= 0) {
            throw new IllegalArgumentException(
                    "Expected a name without dots; got '%s' in %s. Dots join the names of nested modules."
                            .formatted(name, label()));
        }
        if (parameters.containsKey(name) || buffers.containsKey(name) || children.containsKey(name)) {
            throw new IllegalArgumentException("%s already has a '%s'. Use another name.".formatted(label(), name));
        }
    }

    // ---- looking inside -------------------------------------------------------------------------

    /** All parameters, children's included, each once, in the order of registration. */
    public final List<Tensor> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /** All parameters by their dotted names; a shared one appears once, under its first name. */
    public final Map<String, Tensor> namedParameters() {
        return Lookup.tensors(this, m -> m.parameters);
    }

    /** All buffers by their dotted names. */
    public final Map<String, Tensor> namedBuffers() {
        return Lookup.tensors(this, m -> m.buffers);
    }

    /** This module (under the empty name) and all modules below it by their dotted names, each once, parents first. */
    public final Map<String, Module> namedModules() {
        return Lookup.modules(this);
    }

    /** The modules that this one is directly made of, by name. */
    public final Map<String, Module> children() {
        return Collections.unmodifiableMap(children);
    }

    /** The tensors that this module itself owns and trains, without its children's. */
    final Map<String, Tensor> ownParameters() {
        return parameters;
    }

    /** The own buffers; live. */
    final Map<String, Tensor> ownBuffers() {
        return buffers;
    }

    /**
     * The {@code i}-th child, counted from 0.
     *
     * @throws IndexOutOfBoundsException when there is none
     */
    public final Module get(int i) {
        if (i < 0 || i >= children.size()) {
            throw new IndexOutOfBoundsException(Lookup.noIndex(this, i));
        }
        return List.copyOf(children.values()).get(i);
    }

    /**
     * The module at a path such as {@code 0.0}; the empty path is this module.
     *
     * @throws IllegalArgumentException when there is none, saying where the path ends and what is there
     */
    public final Module get(String path) {
        return Lookup.module(this, path);
    }

    /**
     * The module at a path, as what it is: {@code cnn.get("0.0", Conv2d.class).weight()}.
     *
     * @throws IllegalArgumentException when there is none, or one of another type
     */
    public final <M extends Module> M get(String path, Class<M> type) {
        Module m = get(path);
        if (!type.isInstance(m)) {
            throw new IllegalArgumentException(
                    "Expected %s at '%s'; got %s.".formatted(type.getSimpleName(), path, m.label()));
        }
        return type.cast(m);
    }

    /**
     * The parameter with a dotted name such as {@code 0.0.weight}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public final Tensor parameter(String name) {
        return Lookup.tensor(this, name, "parameter", m -> m.parameters);
    }

    /**
     * The buffer with a dotted name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public final Tensor buffer(String name) {
        return Lookup.tensor(this, name, "buffer", m -> m.buffers);
    }

    /** All parameters and buffers by their dotted names: what a model file holds. The tensors are the module's own. */
    public final Map<String, Tensor> state() {
        return ModelState.of(this);
    }

    /**
     * Takes over the values of all parameters and buffers; copies them.
     *
     * @throws IllegalArgumentException when a name is missing or unexpected, or a shape or type is another; the
     *     message lists all of them, and nothing has been changed
     */
    public final void load(Map<String, Tensor> state) {
        ModelState.load(this, state);
    }

    /**
     * Takes over the values that fit, and leaves everything else as it is; types are converted.
     *
     * @return what did not fit
     */
    public final StateMismatch loadMatching(Map<String, Tensor> state) {
        return ModelState.loadMatching(this, state);
    }

    /** The number of trainable and frozen values in all parameters. */
    public final long numel() {
        return parameters().stream().mapToLong(Tensor::numel).sum();
    }

    // ---- mode -----------------------------------------------------------------------------------

    /** Puts this module and all below it into training mode (dropout drops). */
    public final Module train() {
        return train(true);
    }

    /** Puts this module and all below it into evaluation mode (dropout lets everything through). */
    public final Module eval() {
        return train(false);
    }

    /** Puts this module and all below it into training or evaluation mode. */
    public final Module train(boolean on) {
        training = on;
        children.values().forEach(c -> c.train(on));
        return this;
    }

    /** Whether it is in training mode, as it is at first. */
    public final boolean training() {
        return training;
    }

    final void trainingOfThisAlone(boolean on) {
        training = on;
    }

    /** Excludes all parameters from training: no gradient, no update. */
    public final Module freeze() {
        parameters().forEach(p -> p.requiresGrad(false));
        return this;
    }

    /** Undoes {@link #freeze}. */
    public final Module unfreeze() {
        parameters().forEach(p -> p.requiresGrad(true));
        return this;
    }

    /**
     * Makes sure that parameters and buffers are on {@code device}.
     *
     * @throws IllegalStateException when the process runs on another one: a device is chosen once, for the process
     */
    public final Module toDevice(Device device) {
        parameters().forEach(p -> p.toDevice(device));
        namedBuffers().values().forEach(b -> b.toDevice(device));
        return this;
    }

    // ---- looking on -----------------------------------------------------------------------------

    /**
     * Calls {@code hook} after every {@link #apply} of this module, until the returned handle is closed.
     * A module without hooks pays nothing for them.
     */
    public final HookHandle registerForwardHook(ForwardHook hook) {
        if (hooks == null) {
            hooks = new Hooks(this);
        }
        return hooks.add(hook);
    }

    final @Nullable Interceptor interceptor() {
        return interceptor;
    }

    final void interceptor(@Nullable Interceptor i) {
        interceptor = i;
    }

    /**
     * The shape of {@link #apply}'s result for an input of shape {@code in}, without training or side effects.
     *
     * @throws ShapeException when the input does not fit; the message names the layer and the fix
     */
    public final Shape outputShape(Shape in) {
        return ShapeCheck.check(this, in);
    }

    /** What it is, in one line, with its settings: {@code Linear(784→50)}. */
    public String label() {
        return getClass().isAnonymousClass()
                ? getClass().getSuperclass().getSimpleName()
                : getClass().getSimpleName();
    }

    /** The tree of modules, one a line. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(label());
        if (!children.isEmpty()) {
            s.append("(\n");
            children.forEach((name, m) -> s.append("  (")
                    .append(name)
                    .append("): ")
                    .append(m.toString().replace("\n", "\n  "))
                    .append('\n'));
            s.append(')');
        }
        return s.toString();
    }
}
