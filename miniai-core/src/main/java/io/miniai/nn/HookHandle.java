package io.miniai.nn;

/** Ends a hook's registration when closed; closing twice does nothing. */
@FunctionalInterface
public interface HookHandle extends AutoCloseable {
    @Override
    void close();
}
