package io.miniai.nn;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;
import static io.miniai.nn.Layers.deconv;

/** The lesson's models for 28×28 grey images {@code [N, 1, 28, 28]}, freshly initialised. */
public final class Models {
    private Models() {}

    /** Two linear layers 784-50-10 on the flattened image: {@code [N, 10]}; 39,760 parameters. */
    public static Sequential mlp() {
        return Sequential.of(new Flatten(), new Linear(784, 50), new ReLU(), new Linear(50, 10));
    }

    /** Five stride-2 convolutions, grid 28→14→7→4→2→1: {@code [N, 10]}; 5,274 parameters. */
    public static Sequential cnn() {
        return Sequential.of(
                conv(1, 4), conv(4, 8), conv(8, 16), conv(16, 16), conv(16, 10, act(false)), new Flatten());
    }

    /** Down to 8 channels of 4×4 and back to {@code [N, 1, 28, 28]}; 777 parameters. */
    public static Sequential autoencoder() {
        return Sequential.of(
                new ZeroPad2d(2),
                conv(1, 2),
                conv(2, 4),
                conv(4, 8),
                deconv(8, 4),
                deconv(4, 2),
                deconv(2, 1, act(false)),
                new ZeroPad2d(-2),
                new Sigmoid());
    }

    /** Down to 4 channels of 8×8 and back to {@code [N, 1, 28, 28]}; 189 parameters. */
    public static Sequential smallAutoencoder() {
        return Sequential.of(
                new ZeroPad2d(2),
                conv(1, 2),
                conv(2, 4),
                deconv(4, 2),
                deconv(2, 1, act(false)),
                new ZeroPad2d(-2),
                new Sigmoid());
    }
}
