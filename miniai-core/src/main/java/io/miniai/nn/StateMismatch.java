package io.miniai.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * How a state differs from the parameters and buffers of a module, one line of text for each entry.
 *
 * @param missing what the module has and the state has not: {@code 1.bias FLOAT32 [10]}
 * @param unexpected what the state has and the module has not
 * @param different what both have, in another shape or type: {@code 1.weight: expected FLOAT32 [10, 50], got FLOAT32
 *     [10, 64]}
 */
public record StateMismatch(List<String> missing, List<String> unexpected, List<String> different) {
    /** Copies. */
    public StateMismatch {
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        different = List.copyOf(different);
    }

    /** Whether all fits. */
    public boolean isEmpty() {
        return missing.isEmpty() && unexpected.isEmpty() && different.isEmpty();
    }

    /** All of it, in one line. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        add("missing: ", missing, parts);
        add("unexpected: ", unexpected, parts);
        add("different: ", different, parts);
        return parts.isEmpty() ? "all fits" : String.join("; ", parts);
    }

    private static void add(String title, List<String> lines, List<String> parts) {
        if (!lines.isEmpty()) {
            parts.add(title + String.join(", ", lines));
        }
    }
}
