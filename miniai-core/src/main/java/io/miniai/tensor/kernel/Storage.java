package io.miniai.tensor.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A lease on one block of native memory.
 *
 * <p>It ends in one of two ways. A storage made inside a {@link Scope} is given back when the scope is
 * released, and any later use fails loudly. All others are given back when the garbage collector finds
 * that no array holds them any more. {@link #keep()} turns the first kind into the second.
 */
public final class Storage {
    private @Nullable Block block;
    private @Nullable Scope scope;
    private int place;
    private int version;

    private Storage(Block block) {
        this.block = block;
    }

    static Storage allocate(DataType type, long length) {
        Storage s = new Storage(MemoryPool.take(type, length));
        Scope current = Scope.current();
        if (current == null) {
            MemoryPool.giveBackWhenUnreachable(s, List.of(s.block()));
        } else {
            s.scope = current;
            s.place = current.add(s);
        }
        return s;
    }

    /** The memory. @throws IllegalStateException when it was given back */
    public Block block() {
        Block b = block;
        if (b == null) {
            throw new IllegalStateException(
                    "This tensor was made inside a training step that has ended, and its memory is in use"
                            + " again. Expected: a tensor of the running step, or one that was kept. Fix: call keep() on it inside the step,"
                            + " or read its values there (toFloatArray(), item()).");
        }
        return b;
    }

    public boolean isReleased() {
        return block == null;
    }

    /**
     * Lets it live as long as somebody holds it, also after the end of the scope that made it.
     *
     * @throws IllegalStateException when it was given back already
     */
    public void keep() {
        Block kept = block();
        Scope owner = scope;
        if (owner != null) {
            scope = null;
            owner.forget(place);
            MemoryPool.giveBackWhenUnreachable(this, List.of(kept));
        }
    }

    /** How often the content was changed in place, to notice a change between forward and backward. */
    public int version() {
        return version;
    }

    public void changed() {
        version++;
    }

    void releaseFrom(Scope owner) {
        Block b = block;
        if (scope == owner && b != null) {
            block = null;
            scope = null;
            MemoryPool.giveBack(b);
        }
    }
}
