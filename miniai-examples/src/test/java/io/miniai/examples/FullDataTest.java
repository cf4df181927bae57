package io.miniai.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.callback.InputIsTargetCB;
import io.miniai.callback.MetricsCB;
import io.miniai.data.DataLoaders;
import io.miniai.data.DatasetDict;
import io.miniai.learn.Learner;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Init;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.optim.AdamW;
import io.miniai.optim.OptimizerFactory;
import io.miniai.optim.SGD;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lesson's numbers on the full data, as PNG files: medians of three seeds. */
@Tag("full")
@Timeout(value = 30, unit = TimeUnit.MINUTES) // seventy epochs, also where other work takes the cores
class FullDataTest {
    private static final int SEEDS = 3;

    /** More, since from some starts all ReLUs of an autoencoder fall silent: four of the first fifteen by AdamW. */
    private static final int AUTOENCODER_SEEDS = 7;

    @TempDir
    private Path folder;

    @Test
    void cnn_reaches_the_lessons_accuracy_on_mnist() throws IOException {
        DatasetDict mnist = KnownDataset.MNIST.open(originals("mnist"));
        double[] first = new double[SEEDS];
        double[] second = new double[SEEDS];
        for (int seed = 0; seed < SEEDS; seed++) {
            try (DataLoaders dls = loaders(mnist, seed)) {
                Learner learn = classifier(dls, seed);
                first[seed] = accuracy(learn, 5, 0.4);
                second[seed] = accuracy(learn, 5, 0.1);
            }
        }
        System.out.println("mnist cnn 5 epochs " + Arrays.toString(first) + ", 5 more " + Arrays.toString(second));
        assertThat(median(first)).isGreaterThanOrEqualTo(0.955);
        assertThat(median(second)).isGreaterThanOrEqualTo(0.974);
    }

    /**
     * The lesson's one run reached 0.857. PyTorch, on seven starts and the same batches as miniai, ended between 0.8211
     * and 0.8534 with a median of 0.8447 (miniai: 0.8455), so that 0.85 is more than the recipe gives; what must hold
     * is that we do not fall behind PyTorch's worst.
     */
    @Test
    void cnn_does_on_fashion_mnist_what_pytorch_does() throws IOException {
        DatasetDict fashion = KnownDataset.FASHION_MNIST.open(originals("fashion-mnist"));
        double[] accuracy = new double[SEEDS];
        for (int seed = 0; seed < SEEDS; seed++) {
            try (DataLoaders dls = loaders(fashion, seed)) {
                accuracy[seed] = accuracy(classifier(dls, seed), 5, 0.4);
            }
        }
        System.out.println("fashion-mnist cnn 5 epochs " + Arrays.toString(accuracy));
        assertThat(median(accuracy)).isGreaterThanOrEqualTo(0.8211);
    }

    /**
     * The small one learns nothing by SGD from some. Neither does PyTorch: from the same start, on the same batches, it ends
     * at the same error to four digits.
     */
    @Test
    void small_autoencoder_reaches_the_lessons_error_on_fashion_mnist_by_sgd() throws IOException {
        DatasetDict fashion = KnownDataset.FASHION_MNIST.open(originals("fashion-mnist"));
        double[] first = new double[AUTOENCODER_SEEDS];
        double[] second = new double[AUTOENCODER_SEEDS];
        for (int seed = 0; seed < first.length; seed++) {
            try (DataLoaders dls = loaders(fashion, seed)) {
                Learner learn = autoencoder(dls, Autoencoder.Size.SMALL, SGD::new, seed);
                first[seed] = error(learn, 5, 0.01);
                second[seed] = error(learn, 5, 0.1);
            }
        }
        System.out.println("fashion-mnist autoencoder 189 SGD 0.01 " + Arrays.toString(first) + ", then 0.1 "
                + Arrays.toString(second));
        assertThat(median(second)).isLessThanOrEqualTo(0.040);
    }

    @Test
    void small_autoencoder_reaches_the_lessons_error_on_fashion_mnist_by_adamw() throws IOException {
        DatasetDict fashion = KnownDataset.FASHION_MNIST.open(originals("fashion-mnist"));
        double[] small = new double[AUTOENCODER_SEEDS];
        double[] full = new double[AUTOENCODER_SEEDS];
        for (int seed = 0; seed < AUTOENCODER_SEEDS; seed++) {
            try (DataLoaders dls = loaders(fashion, seed)) {
                small[seed] = error(autoencoder(dls, Autoencoder.Size.SMALL, AdamW::new, seed), 5, 0.01);
                full[seed] = error(autoencoder(dls, Autoencoder.Size.FULL, AdamW::new, seed), 5, 0.01);
            }
        }
        System.out.println(
                "fashion-mnist autoencoder AdamW 189 " + Arrays.toString(small) + ", 777 " + Arrays.toString(full));
        assertThat(median(small)).isLessThanOrEqualTo(0.017);
    }

    private static DataLoaders loaders(DatasetDict data, int seed) {
        return DataLoaders.of(data)
                .batchSize(256)
                .dropLast(true)
                .workers(2)
                .seed(seed)
                .build();
    }

    private static Learner classifier(DataLoaders dls, int seed) {
        Init.seed(seed);
        return Learner.of(Models.cnn(), dls)
                .loss(Losses::crossEntropy)
                .optimizer(SGD::new)
                .with(new MetricsCB(new Accuracy()));
    }

    private static Learner autoencoder(DataLoaders dls, Autoencoder.Size size, OptimizerFactory optimizer, int seed) {
        Init.seed(seed);
        return Learner.of(size.model(), dls)
                .loss(Losses::mse)
                .optimizer(optimizer)
                .with(new InputIsTargetCB(), new MetricsCB());
    }

    private static double accuracy(Learner learn, int epochs, double lr) {
        learn.fit(epochs, lr);
        return learn.history().last().validMetrics().get("accuracy");
    }

    private static double error(Learner learn, int epochs, double lr) {
        learn.fit(epochs, lr);
        return learn.history().last().validLoss();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** The originals, copied to where the PNG files can be written beside them. */
    private Path originals(String name) throws IOException {
        Path from = Path.of(System.getProperty("miniai.data"), name);
        Path to = Files.createDirectories(folder.resolve(name));
        try (Stream<Path> files = Files.list(from)) {
            for (Path f : files.toList()) {
                Files.copy(f, to.resolve(f.getFileName()));
            }
        }
        return to;
    }
}
