package io.miniai.nn;

import io.miniai.tensor.Tensor;
import java.util.Arrays;

/** Modules one after the other: the output of each is the input of the next. Their names are 0, 1, 2, … */
public final class Sequential extends Module {
    private final Module[] modules;

    private Sequential(Module[] modules) {
        this.modules = modules;
        for (int i = 0; i < modules.length; i++) {
            child(Integer.toString(i), modules[i]);
        }
    }

    /** A chain of these modules; an empty one lets its input through. */
    public static Sequential of(Module... modules) {
        int missing = Arrays.asList(modules).indexOf(null);
        if (missing >= 0) {
            throw new IllegalArgumentException("Expected modules; got null as number " + missing + ".");
        }
        return new Sequential(modules.clone());
    }

    /** The number of modules in the chain. */
    public int size() {
        return modules.length;
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor y = x;
        for (Module m : modules) {
            y = m.apply(y);
        }
        return y;
    }
}
