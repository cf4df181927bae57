package io.miniai.data.store;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parts of a dataset. */
public enum Split {
    /** What a model learns from. */
    TRAIN,
    /** What its progress is measured on. */
    VALID,
    /** What it is judged by in the end. */
    TEST;

    /** The part that a folder of this name holds by custom, or null. */
    static @Nullable Split of(String folder) {
        return switch (folder.toLowerCase(Locale.ROOT)) {
            case "train", "training" -> TRAIN;
            case "valid", "validation", "val" -> VALID;
            case "test", "testing" -> TEST;
            default -> null;
        };
    }
}
