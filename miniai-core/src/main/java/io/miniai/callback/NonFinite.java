package io.miniai.callback;

import io.miniai.learn.EpochTable;
import io.miniai.learn.Learner;
import io.miniai.nn.HookHandle;
import io.miniai.nn.Module;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out where values that are NaN or infinite come from, and says it. */
final class NonFinite {
    private static final Logger LOG = LoggerFactory.getLogger(NaNGuardCB.class);
    private static final String SMALLER_STEPS =
            " Fix: a smaller learning rate, GradientClipCB, or inputs nearer to 0..1.";

    private NonFinite() {}

    static String inLoss(Learner learn) {
        String loss = "The loss is " + learn.lossValue() + ". ";
        String parameter = parameter(learn.model());
        if (parameter != null) {
            return loss + "First not finite: parameter " + in(learn.model(), parameter)
                    + ", changed by the step before." + SMALLER_STEPS;
        }
        if (!learn.batch().x().isFinite()) {
            return loss + "First not finite: the inputs of the batch. Fix: look at the data, and how it is normalised.";
        }
        String layer = firstLayer(learn);
        if (layer != null) {
            return loss + "First not finite: the output of layer " + layer + "." + SMALLER_STEPS;
        }
        return loss
                + "The predictions are finite. Fix: look at the targets, and at log or division in the loss function.";
    }

    static String inGradient(Learner learn, String parameter) {
        return "The gradient of " + in(learn.model(), parameter) + " is not finite, though the loss is "
                + EpochTable.number(learn.lossValue())
                + ". Gradients come from the loss back to the inputs: it is the first." + SMALLER_STEPS;
    }

    /** The name of the first parameter that holds such values, or null. */
    static @Nullable String parameter(Module model) {
        for (Map.Entry<String, Tensor> p : model.namedParameters().entrySet()) {
            if (!p.getValue().isFinite()) {
                return p.getKey();
            }
        }
        return null;
    }

    /** {@code 0.0.weight [4, 1, 3, 3] in Conv2d(1→4, …)}. */
    private static String in(Module model, String parameter) {
        Module owner = model.get(parameter.substring(0, Math.max(0, parameter.lastIndexOf('.'))));
        return parameter + " " + model.parameter(parameter).shape() + " in " + owner.label();
    }

    /** Runs the batch again and looks at what comes out of each layer. */
    private static @Nullable String firstLayer(Learner learn) {
        List<String> found = new ArrayList<>();
        List<HookHandle> hooks = new ArrayList<>();
        Workspace workspace = new Workspace();
        try (var inside = workspace.enter()) {
            learn.model().namedModules().forEach((path, module) -> {
                // The parts of a module come before it, so it is named only when they are fine.
                hooks.add(module.registerForwardHook((m, x, y) -> {
                    if (found.isEmpty() && !y.isFinite()) {
                        found.add((path + " " + m.label()).strip());
                    }
                }));
            });
            Tensor.noGrad(() -> learn.model().apply(learn.batch().x()));
        } catch (RuntimeException e) {
            // A step of the user's may give the model something else than the batch; what was found is said all the
            // same.
            LOG.debug("Could not run the batch again", e);
        } finally {
            hooks.forEach(HookHandle::close);
            workspace.release();
        }
        return found.isEmpty() ? null : found.get(0);
    }
}
