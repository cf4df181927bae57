package io.miniai.benchmarks.miniai;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;
import static io.miniai.nn.Layers.stride;

import io.miniai.benchmarks.protocol.Model;
import io.miniai.benchmarks.protocol.Task;
import io.miniai.nn.Flatten;
import io.miniai.nn.Linear;
import io.miniai.nn.MaxPool2d;
import io.miniai.nn.Models;
import io.miniai.nn.Module;
import io.miniai.nn.Sequential;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import java.util.List;

/** The tasks' models in miniai. */
public final class Networks {
    private Networks() {}

    /** The model with the start that every contestant gets. */
    public static Module started(Model model) {
        Module net = of(model);
        List<Tensor> parameters = net.parameters();
        long fanIn = 1;
        for (int i = 0; i < parameters.size(); i++) {
            Tensor p = parameters.get(i);
            if (p.rank() > 1) {
                fanIn = p.numel() / p.size(0);
            }
            float[] start = Task.parameter(i, p.numel(), fanIn);
            TensorUpdates.assign(p, Tensor.of(start, p.shape().toArray()));
        }
        return net;
    }

    private static Module of(Model model) {
        return switch (model) {
            case CNN, IMAGE -> Models.cnn();
            case WIDE ->
                Sequential.of(
                        conv(1, 32),
                        conv(32, 64),
                        conv(64, 128),
                        conv(128, 128),
                        conv(128, 10, act(false)),
                        new Flatten());
            case AUTOENCODER -> Models.autoencoder();
            case MLP -> Models.mlp();
            case POOL28, POOL64 -> {
                int grid = model.imageSize() / 8;
                yield Sequential.of(
                        conv(1, 16, stride(1)),
                        new MaxPool2d(2),
                        conv(16, 32, stride(1)),
                        new MaxPool2d(2),
                        conv(32, 64, stride(1)),
                        new MaxPool2d(2),
                        new Flatten(),
                        new Linear(64 * grid * grid, 10));
            }
        };
    }
}
