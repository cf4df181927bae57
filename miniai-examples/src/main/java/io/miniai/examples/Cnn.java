package io.miniai.examples;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;

import io.miniai.callback.DeviceCB;
import io.miniai.callback.MetricsCB;
import io.miniai.data.DataLoaders;
import io.miniai.data.DatasetDict;
import io.miniai.data.picture.ImageGrid;
import io.miniai.learn.Batch;
import io.miniai.learn.Learner;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Flatten;
import io.miniai.nn.Losses;
import io.miniai.nn.Sequential;
import io.miniai.nn.Summary;
import io.miniai.optim.SGD;
import io.miniai.tensor.Tensor;
import picocli.CommandLine.Command;

/** Trains the lesson's convolutional classifier, 5,274 parameters, and shows what it predicts. */
@Command(
        name = "cnn",
        mixinStandardHelpOptions = true,
        description = "Train the convolutional classifier and show what it predicts.")
final class Cnn extends Example {
    Cnn() {
        super(new Defaults(KnownDataset.FASHION_MNIST, 5, 0.4, 256));
    }

    @Override
    void run(Setup setup) {
        DatasetDict data = setup.data();
        Sequential cnn = Sequential.of(
                conv(1, 4), conv(4, 8), conv(8, 16), conv(16, 16), conv(16, 10, act(false)), new Flatten());
        setup.print(Summary.of(cnn, setup.inputShape()));

        Batch some = data.valid().batch(0, Math.min(40, data.valid().size()));
        try (DataLoaders dls = setup.loaders()) {
            Learner learn = Learner.of(cnn, dls)
                    .loss(Losses::crossEntropy)
                    .optimizer(SGD::new)
                    .with(new DeviceCB(setup.device()), new MetricsCB(new Accuracy()), setup.progress());
            learn.fit(setup.epochs(), setup.lr());
            setup.trained(learn);
        }

        Tensor predicted = Tensor.noGrad(() -> cnn.apply(some.x()).argmax(1));
        setup.save(
                "predictions.png",
                ImageGrid.of(some.x())
                        .predictions(predicted, some.y(), data.classNames())
                        .columns(8));
    }
}
