package io.miniai.examples;

import io.miniai.callback.DeviceCB;
import io.miniai.callback.InputIsTargetCB;
import io.miniai.callback.MetricsCB;
import io.miniai.data.DataLoaders;
import io.miniai.data.ImageDataset;
import io.miniai.data.picture.SideBySide;
import io.miniai.learn.Learner;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.nn.Sequential;
import io.miniai.nn.Summary;
import io.miniai.optim.AdamW;
import io.miniai.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains the lesson's autoencoder, with the images as their own targets, and shows what it makes of them. */
@Command(
        name = "autoencoder",
        mixinStandardHelpOptions = true,
        description = "Train an autoencoder and show its reconstructions.")
final class Autoencoder extends Example {
    enum Size {
        SMALL,
        FULL;

        Sequential model() {
            return this == FULL ? Models.autoencoder() : Models.smallAutoencoder();
        }
    }

    @Option(
            names = "--size",
            paramLabel = "small|full",
            defaultValue = "small",
            description = "189 parameters (down to 8×8) or 777 (down to 4×4), which from some starts learns nothing:"
                    + " all its ReLUs fall silent (seed 42 is one); default: ${DEFAULT-VALUE}.")
    private Size size = Size.SMALL;

    Autoencoder() {
        super(new Defaults(KnownDataset.FASHION_MNIST, 5, 0.01, 256));
    }

    @Override
    void run(Setup setup) {
        Sequential autoencoder = size.model();
        setup.print(Summary.of(autoencoder, setup.inputShape()));

        ImageDataset valid = setup.data().valid();
        Tensor originals = valid.batch(0, Math.min(16, valid.size())).x();
        try (DataLoaders dls = setup.loaders()) {
            Learner learn = Learner.of(autoencoder, dls)
                    .loss(Losses::mse)
                    .optimizer(AdamW::new)
                    .with(new DeviceCB(setup.device()), new InputIsTargetCB(), new MetricsCB(), setup.progress());
            learn.fit(setup.epochs(), setup.lr());
            setup.trained(learn);
        }

        Tensor reconstructions = Tensor.noGrad(() -> autoencoder.apply(originals));
        setup.save("reconstructions.png", SideBySide.of(originals, reconstructions));
    }
}
