package app;

import static io.miniai.nn.Layers.conv;

import io.miniai.callback.MetricsCB;
import io.miniai.data.DataLoaders;
import io.miniai.data.PngFolder;
import io.miniai.learn.Batch;
import io.miniai.learn.Learner;
import io.miniai.metric.Accuracy;
import io.miniai.nn.Flatten;
import io.miniai.nn.GlobalAvgPool2d;
import io.miniai.nn.Init;
import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.nn.Sequential;
import io.miniai.optim.SGD;
import io.miniai.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Draws stripes into PNG files, learns to tell lying from standing ones, and predicts some it has not seen. */
public final class Application {
    private static final int SIZE = 16;

    public static void main(String[] args) throws IOException {
        Path root = Files.createTempDirectory("stripes");
        Random random = new Random(1);
        for (String kind : new String[] {"lying", "standing"}) {
            draw(root.resolve("train").resolve(kind), kind, 300, random);
            draw(root.resolve("test").resolve(kind), kind, 50, random);
        }

        Init.seed(1);
        try (var dls = DataLoaders.of(PngFolder.open(root)).batchSize(20).workers(2).seed(1).shuffle(true).build()) {
            var cnn = Sequential.of(conv(1, 8), conv(8, 16), new GlobalAvgPool2d(), new Flatten(), new Linear(16, 2));
            var learn = Learner.of(cnn, dls)
                    .loss(Losses::crossEntropy)
                    .optimizer(SGD::new)
                    .with(new MetricsCB(new Accuracy()));
            learn.fit(5, 0.2);

            cnn.eval();
            int right = 0;
            int all = 0;
            for (Batch batch : dls.valid()) {
                Tensor predicted = Tensor.noGrad(() -> cnn.apply(batch.x())).argmax(1);
                right += (int) predicted.eq(batch.y()).sum().item();
                all += batch.size();
            }
            System.out.println("application: right on " + right + " of " + all);
            if (right < 0.9 * all) {
                throw new IllegalStateException("expected: at least 90 % right; got: " + right + " of " + all);
            }
        }
    }

    private static void draw(Path folder, String kind, int count, Random random) throws IOException {
        Files.createDirectories(folder);
        for (int n = 0; n < count; n++) {
            BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
            int phase = random.nextInt(4);
            for (int y = 0; y < SIZE; y++) {
                for (int x = 0; x < SIZE; x++) {
                    int across = kind.equals("lying") ? y : x;
                    int grey = (across + phase) % 4 < 2 ? 200 : 40;
                    image.getRaster().setSample(x, y, 0, grey + random.nextInt(40));
                }
            }
            File file = folder.resolve(n + ".png").toFile();
            ImageIO.write(image, "png", file);
        }
    }
}
