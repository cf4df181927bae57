package io.miniai.nn;

import java.util.Map;

/** A custom module with settings that a model file shall keep, so that a {@link ModuleFactory} can make it again. */
public interface Configured {
    /** Texts, numbers, booleans, and maps and lists of them. */
    Map<String, Object> settings();
}
