package io.miniai.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.callback.MetricsCB;
import io.miniai.data.DataLoaders;
import io.miniai.data.DatasetDict;
import io.miniai.learn.Learner;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Init;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.optim.SGD;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lesson's numbers on the full data, as PNG files: medians of three seeds. */
@Tag("full")
class FullDataTest {
    @TempDir
    private Path folder;

    @Test
    void cnn_reaches_the_lessons_accuracy_on_mnist() throws IOException {
        DatasetDict mnist = KnownDataset.MNIST.open(originals("mnist"));
        double[] first = new double[3];
        double[] second = new double[3];
        for (int seed = 0; seed < 3; seed++) {
            double[] accuracy = train(mnist, seed, 5, 5);
            first[seed] = accuracy[0];
            second[seed] = accuracy[1];
        }
        System.out.println("mnist cnn 5 epochs " + Arrays.toString(first) + ", 5 more " + Arrays.toString(second));
        assertThat(median(first)).isGreaterThanOrEqualTo(0.955);
        assertThat(median(second)).isGreaterThanOrEqualTo(0.974);
    }

    /** Validation accuracy after some epochs at 0.4, and after some more at 0.1. */
    private static double[] train(DatasetDict data, int seed, int epochs, int more) {
        Init.seed(seed);
        try (DataLoaders dls =
                DataLoaders.of(data).batchSize(256).workers(2).seed(seed).build()) {
            Learner learn = Learner.of(Models.cnn(), dls)
                    .loss(Losses::crossEntropy)
                    .optimizer(SGD::new)
                    .with(new MetricsCB(new Accuracy()));
            learn.fit(epochs, 0.4);
            double first = accuracy(learn);
            if (more > 0) {
                learn.fit(more, 0.1);
            }
            return new double[] {first, accuracy(learn)};
        }
    }

    private static double accuracy(Learner learn) {
        return learn.history().last().validMetrics().get("accuracy");
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[1];
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
