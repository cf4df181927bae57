package io.miniai.tensor.kernel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the storages made while it is entered, to give all of them back at once. Used by one thread. */
public final class Scope {
    /** What a thread has: asked for once in every kernel, so it is one thing. */
    static final class OfThread {
        @Nullable
        Scope current;

        /** For what kernels allocate for themselves. */
        final Scope temporaries = new Scope();
    }

    private static final ThreadLocal<OfThread> OF_THREAD = ThreadLocal.withInitial(OfThread::new);

    private final List<Storage> storages = new ArrayList<>();

    /** The blocks of the storages, in the same order; null when kept. Without the storages, which hold their scope. */
    private final List<@Nullable Block> blocks = new ArrayList<>();

    private boolean watched;

    static OfThread ofThread() {
        return OF_THREAD.get();
    }

    public static @Nullable Scope current() {
        return ofThread().current;
    }

    /** Makes it the current scope of this thread. @return the one before, to be handed to {@link #leave} */
    public @Nullable Scope enter() {
        return change(this);
    }

    public static void leave(@Nullable Scope before) {
        change(before);
    }

    /** Runs with no current scope: what is made lives as long as somebody holds it. @return the scope before */
    public static @Nullable Scope suspend() {
        return change(null);
    }

    private static @Nullable Scope change(@Nullable Scope next) {
        OfThread thread = ofThread();
        Scope before = thread.current;
        thread.current = next;
        return before;
    }

    /** Takes a new storage in. @return its place */
    int add(Storage s) {
        if (!watched) {
            MemoryPool.giveBackWhenUnreachable(this, blocks);
            watched = true;
        }
        storages.add(s);
        blocks.add(s.block());
        return blocks.size() - 1;
    }

    /** Lets go of the storage at a place: others look after it now. */
    void forget(int place) {
        blocks.set(place, null);
    }

    /**
     * Gives back all that was made in it and not kept. A scope that is dropped instead gives it back when
     * the garbage collector finds that neither it nor any of its storages is held any more.
     */
    public void release() {
        // The last first: then the next step's arrays get the memory that the same arrays had in this one, whose parts
        // lie in the caches of the cores that will read and write them again.
        for (int i = storages.size() - 1; i >= 0; i--) {
            storages.get(i).releaseFrom(this);
        }
        storages.clear();
        blocks.clear();
    }
}
