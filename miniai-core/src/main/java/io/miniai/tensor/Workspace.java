package io.miniai.tensor;

import io.miniai.tensor.kernel.Scope;

/**
 * Memory for one training step after the other: tensors made while it is entered belong to it, and
 * {@link #release()} gives all of them back for the next step, except those that were {@linkplain
 * Tensor#keep() kept}. Reading a tensor that was given back throws.
 *
 * <p>The Learner does this around every step; a training loop written by hand may, and then runs as fast.
 * For one thread.
 *
 * <pre>{@code
 * var workspace = new Workspace();
 * for (Batch b : batches) {
 *     workspace.release();
 *     try (var step = workspace.enter()) {
 *         … forward, loss, backward, optimizer step …
 *     }
 * }
 * }</pre>
 */
public final class Workspace {
    private final Scope scope = new Scope();

    /** Closing it ends the part of the step that makes tensors for this workspace. */
    public interface Entered extends AutoCloseable {
        @Override
        void close();
    }

    /** From now on this thread makes tensors in this workspace, until the result is closed. */
    public Entered enter() {
        Scope before = scope.enter();
        return () -> Scope.leave(before);
    }

    /** From now on this thread makes tensors that live as long as somebody holds them, until the result is closed. */
    public static Entered suspend() {
        Scope before = Scope.suspend();
        return () -> Scope.leave(before);
    }

    /** Gives back all that was made in it and not kept. */
    public void release() {
        scope.release();
    }
}
