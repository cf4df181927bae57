package io.miniai.nn;

import io.miniai.tensor.DType;
import io.miniai.tensor.Shape;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * Finds out before training whether a model, its input and its labels fit, and explains by layer when not:
 *
 * <pre>layer 7 Linear(576→10): got [64, 1024]; layer 4 Conv2d gives [64, 64, 4, 4]. Use Linear(1024, 10).</pre>
 *
 * <p>Layers with a {@link ShapeRule} are checked by arithmetic; any other module runs on one sample of zeros, in
 * evaluation mode and without gradients, and has its mode, hooks and buffers put back.
 */
public final class ShapeCheck {
    private ShapeCheck() {}

    /**
     * Checks that {@code model} takes a batch of shape {@code in}.
     *
     * @return the shape of its output
     * @throws ShapeException naming the layer that does not fit, and the fix
     */
    public static Shape check(Module model, Shape in) {
        return Trace.of(model, in, DType.FLOAT32).output();
    }

    /**
     * Checks that {@code model} takes the batch {@code x}.
     *
     * @return the shape of its output
     * @throws ShapeException naming the layer that does not fit, and the fix
     */
    public static Shape check(Module model, Tensor x) {
        return Trace.of(model, x.shape(), x.dtype()).output();
    }

    /**
     * Checks that {@code model} takes the batch {@code x} and gives what {@code loss} can compare with
     * {@code target}; the loss is tried once, on zeros.
     *
     * @throws ShapeException naming the layer that does not fit, and the fix
     */
    public static void check(Module model, Loss loss, Tensor x, Tensor target) {
        Shape out = check(model, x);
        DType dtype = x.dtype().isFloatingPoint() ? x.dtype() : DType.FLOAT32;
        Workspace.Entered outside = Workspace.suspend();
        Tensor preds = Tensor.zeros(dtype, out.toArray());
        try {
            Tensor.noGrad(() -> loss.apply(preds, target));
        } catch (IllegalArgumentException e) {
            throw explainLoss(model, x, preds, target, e);
        } finally {
            outside.close();
        }
    }

    /**
     * Turns what a loss function threw into an explanation by layer: to be thrown instead of it.
     *
     * @param thrown what the loss threw for {@code preds} and {@code target}
     * @return a {@link ShapeException} caused by {@code thrown}; {@code thrown} itself when shapes and labels fit
     */
    public static IllegalArgumentException explainLoss(
            Module model, Tensor x, Tensor preds, Tensor target, IllegalArgumentException thrown) {
        String text = lossText(giver(model, x), preds.shape(), target, thrown);
        return text == null ? thrown : new ShapeException(text, thrown);
    }

    private static @Nullable String lossText(
            Trace.@Nullable Step giver, Shape preds, Tensor target, IllegalArgumentException thrown) {
        Shape t = target.shape();
        boolean labels = target.dtype() == DType.INT64;
        if (labels && t.rank() == 1) {
            return preds.rank() != 2 || preds.dim(0) != t.dim(0)
                    ? Messages.labels(preds, t, giver)
                    : labelText(giver, preds, target);
        }
        if (labels && t.rank() == 2 && t.dim(1) == 1) {
            return Messages.labelColumn(t);
        }
        return thrown instanceof ShapeException && !t.equals(preds) ? Messages.target(preds, t, giver) : null;
    }

    private static @Nullable String labelText(Trace.@Nullable Step giver, Shape preds, Tensor target) {
        for (long label : target.toLongArray()) {
            if (label < 0 || label >= preds.dim(1)) {
                return Messages.labelRange(label, preds, giver);
            }
        }
        return null;
    }

    private static Trace.@Nullable Step giver(Module model, Tensor x) {
        try {
            return Trace.of(model, x.shape(), x.dtype()).giver();
        } catch (ShapeException e) {
            return null;
        }
    }

    /** What a module's forward threw, explained by layer where arithmetic can tell; else as it is. */
    static ShapeException explain(Module m, Shape in, ShapeException thrown) {
        String text = Trace.misfit(m, in);
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        return text == null ? thrown : new ShapeException(text, cause);
    }
}
