package io.miniai.learn;

import io.miniai.file.JsonObject;
import io.miniai.tensor.Tensor;
import java.util.Map;

/**
 * A callback that remembers something from hook to hook which a fit that is resumed has to know again.
 *
 * <p>A checkpoint asks for it in a clean-up hook, the last of all, and gives it back where it was taken: after the
 * {@code beforeEpoch} hooks of the pass that is taken up in its middle, or, between two epochs, after the {@code
 * beforeFit} hooks.
 */
public interface StatefulCallback extends Callback {
    /**
     * What it remembers.
     *
     * @param values texts, numbers, booleans, and maps and lists of them
     * @param tensors the callback's own; they are written at once
     */
    record State(Map<String, Object> values, Map<String, Tensor> tensors) {}

    /** What to remember in a checkpoint. */
    State saveState();

    /**
     * Goes on from what was saved.
     *
     * @throws IllegalArgumentException when it is of another callback
     */
    void restoreState(JsonObject values, Map<String, Tensor> tensors);
}
