package io.miniai.serve;

import io.miniai.data.ImageDataset;
import io.miniai.data.image.ImageFormat;
import io.miniai.data.store.Limits;
import io.miniai.nn.ModelFile;
import io.miniai.nn.ModelInput;
import io.miniai.nn.Module;
import io.miniai.nn.ModuleFactory;
import io.miniai.tensor.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a {@link Predictor} has to know besides the model; checked when it is built. */
public final class PredictorBuilder {
    private final Module model;
    private final Map<? extends Class<? extends Module>, ? extends ModuleFactory> factories;
    private @Nullable ModelInput input;
    private @Nullable List<String> classes;

    PredictorBuilder(Module model, Map<? extends Class<? extends Module>, ? extends ModuleFactory> factories) {
        this.model = Objects.requireNonNull(model, "model");
        this.factories = factories;
    }

    /** What one sample is, with the normalisation the model was trained with. */
    public PredictorBuilder input(ModelInput format) {
        input = Objects.requireNonNull(format, "format");
        return this;
    }

    /** The shape of one sample, {@code [C, H, W]} for images; values go in as they are, images as 0..1. */
    public PredictorBuilder input(int... sample) {
        return input(ModelInput.of(sample));
    }

    /** The names of the classes, in the order of the model's outputs; {@code 0}, {@code 1}, … unless said otherwise. */
    public PredictorBuilder classes(List<String> names) {
        classes = List.copyOf(names);
        return this;
    }

    /** Images and classes like those of a dataset. */
    public PredictorBuilder like(ImageDataset images) {
        ImageFormat f = images.format();
        return input(f.channels(), f.height(), f.width()).classes(images.classNames());
    }

    /**
     * Takes a copy of the model: what happens to it later changes no prediction.
     *
     * @throws IllegalStateException when the input was not said
     * @throws IllegalArgumentException when the model cannot be copied, or inputs, outputs and classes do not fit together
     */
    public Predictor build() {
        ModelInput in = input;
        if (in == null) {
            throw new IllegalStateException(
                    "A Predictor needs to know what a sample is. Fix: .input(1, 28, 28), or .like(images).");
        }
        int[] one = IntStream.concat(IntStream.of(1), IntStream.of(in.sample().toArray()))
                .toArray();
        Shape out = model.outputShape(Shape.of(one));
        if (out.rank() != 2) {
            throw new IllegalArgumentException(
                    "Expected a model that gives one row of outputs for each sample, [N, classes]; got " + out
                            + " for one sample " + in.sample() + ". Fix: end it with Flatten.");
        }
        int outputs = out.dim(1);
        List<String> names = classes != null
                ? classes
                : IntStream.range(0, outputs).mapToObj(Integer::toString).toList();
        if (names.size() != outputs || new HashSet<>(names).size() != outputs) {
            throw new IllegalArgumentException("Expected " + outputs
                    + " different class names, as many as the model has outputs; got " + names + ".");
        }
        return new Predictor(ModelFile.copy(model, factories), in, names, false, Limits.DEFAULT);
    }
}
