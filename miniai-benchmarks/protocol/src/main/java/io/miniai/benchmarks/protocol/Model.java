package io.miniai.benchmarks.protocol;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What is trained, or with {@link #IMAGE} only asked. All take grey images {@code [N, 1, size, size]}. */
public enum Model {
    /** The lesson's classifier: five 3×3 convolutions of stride 2, 1→4→8→16→16→10. */
    CNN("cnn", 28, 5_274),
    /** The same geometry, 1→32→64→128→128→10. */
    WIDE("wide", 28, 251_786),
    /** The lesson's autoencoder, mean squared error to its own input. */
    AUTOENCODER("autoencoder", 28, 777),
    /** Two linear layers 784-50-10. */
    MLP("mlp", 28, 39_760),
    /** Three 3×3 convolutions of stride 1, 1→16→32→64, each with ReLU and 2×2 max-pooling, and a linear head. */
    POOL28("pool-cnn-28", 28, 29_066),
    /** The same for 64×64 pixels. */
    POOL64("pool-cnn-64", 64, 64_266),
    /** The lesson's classifier without gradients: one forward pass is one step. */
    IMAGE("cnn-forward", 28, 5_274);

    private final String title;
    private final int imageSize;
    private final long parameterCount;

    Model(String title, int imageSize, long parameterCount) {
        this.title = title;
        this.imageSize = imageSize;
        this.parameterCount = parameterCount;
    }

    /** As in tables and on the wire. */
    public String title() {
        return title;
    }

    /** Height and width in pixels. */
    public int imageSize() {
        return imageSize;
    }

    /** How many numbers its parameters hold; a contestant that has others has built another model. */
    public long parameterCount() {
        return parameterCount;
    }

    /**
     * The model of a title.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Model of(String title) {
        return Arrays.stream(values())
                .filter(m -> m.title.equals(title))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Expected a model, one of "
                        + Arrays.stream(values()).map(Model::title).collect(Collectors.joining(", ")) + "; got "
                        + title + "."));
    }
}
