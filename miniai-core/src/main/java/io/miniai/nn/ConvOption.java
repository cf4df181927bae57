package io.miniai.nn;

import io.miniai.tensor.Rng;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A choice for {@link Layers#conv} or {@link Layers#deconv} that differs from their defaults; made by {@link Layers}. */
public final class ConvOption {
    /** What was chosen. */
    static final class Choice {
        int kernel = 3;
        int stride = 2;
        boolean act = true;

        @Nullable
        Rng rng;

        Choice(ConvOption... options) {
            for (ConvOption o : options) {
                o.choose.accept(this);
            }
        }

        Rng rng() {
            return rng == null ? Init.rng() : rng;
        }
    }

    private final String name;
    private final Consumer<Choice> choose;

    ConvOption(String name, Consumer<Choice> choose) {
        this.name = name;
        this.choose = choose;
    }

    String name() {
        return name;
    }
}
