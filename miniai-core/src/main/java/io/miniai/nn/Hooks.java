package io.miniai.nn;

import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A module's forward hooks; stands before the module only while there are some. */
final class Hooks implements Interceptor {
    /** A hook registered twice is two entries. */
    private static final class Entry {
        private final ForwardHook hook;

        Entry(ForwardHook hook) {
            this.hook = hook;
        }
    }

    private final Module owner;
    private List<Entry> entries = List.of();

    Hooks(Module owner) {
        this.owner = owner;
    }

    HookHandle add(ForwardHook hook) {
        Entry entry = new Entry(hook);
        List<Entry> more = new ArrayList<>(entries);
        more.add(entry);
        set(more);
        return () -> set(entries.stream().filter(e -> e != entry).toList());
    }

    // A new list for every change: a hook may close itself while the hooks are called.
    private void set(List<Entry> now) {
        entries = now;
        owner.interceptor(now.isEmpty() ? null : this);
    }

    @Override
    public Tensor call(Module m, Tensor x) {
        Tensor y = m.forward(x);
        for (Entry e : entries) {
            e.hook.afterForward(m, x, y);
        }
        return y;
    }
}
