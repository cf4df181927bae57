package io.miniai.nn;

import io.miniai.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of a layer: what it does to shapes, what it costs and what its outputs see, known without
 * running it. All layers of this package but {@link Lambda} have it; a custom module may. Without it
 * {@link Summary} and {@link ShapeCheck} run the module on one sample instead.
 */
public interface ShapeRule {
    /**
     * Why an input of this shape does not fit and what to change, as sentences
     * ({@code "Use Linear(1024, 10)."}), or null when it fits.
     */
    @Nullable
    String misfit(Shape in);

    /** The shape of the output for an input that fits. */
    Shape output(Shape in);

    /** The number of multiply-adds for an input that fits; additions, comparisons and copies count as none. */
    default long multiplyAdds(Shape in) {
        return 0;
    }

    /** What one element of the output sees of the model's input, when one of the input saw {@code before}. */
    default ReceptiveField receptiveField(ReceptiveField before, Shape in) {
        return before;
    }
}
