package io.miniai.examples;

import io.miniai.callback.DeviceCB;
import io.miniai.callback.MetricsCB;
import io.miniai.data.DataLoaders;
import io.miniai.learn.Learner;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Flatten;
import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.nn.ReLU;
import io.miniai.nn.Sequential;
import io.miniai.nn.Summary;
import io.miniai.optim.SGD;
import picocli.CommandLine.Command;

/** Trains the lesson's two linear layers, 39,760 parameters: what a classifier is without convolutions. */
@Command(name = "mlp", mixinStandardHelpOptions = true, description = "Train a classifier of two linear layers.")
final class Mlp extends Example {
    Mlp() {
        super(new Defaults(KnownDataset.MNIST, 1, 0.2, 1024));
    }

    @Override
    void run(Setup setup) {
        Sequential mlp = Sequential.of(new Flatten(), new Linear(784, 50), new ReLU(), new Linear(50, 10));
        setup.print(Summary.of(mlp, setup.inputShape()));

        try (DataLoaders dls = setup.loaders()) {
            Learner learn = Learner.of(mlp, dls)
                    .loss(Losses::crossEntropy)
                    .optimizer(SGD::new)
                    .with(new DeviceCB(setup.device()), new MetricsCB(new Accuracy()), setup.progress());
            learn.fit(setup.epochs(), setup.lr());
            setup.trained(learn);
        }
    }
}
