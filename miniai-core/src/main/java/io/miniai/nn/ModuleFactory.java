package io.miniai.nn;

/** Makes a custom module again of what a model file says of it; its parameters are loaded afterwards. */
@FunctionalInterface
public interface ModuleFactory {
    /** A module like the one that was saved: {@code layer -> new Residual(layer.child("body"))}. */
    Module create(SavedLayer layer);
}
