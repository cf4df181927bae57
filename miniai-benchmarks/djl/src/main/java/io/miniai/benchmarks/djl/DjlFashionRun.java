package io.miniai.benchmarks.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Trains the classifier on Fashion-MNIST that is decoded in memory before the clock starts. */
public final class DjlFashionRun {
    private static final int EPOCHS = 5;
    private static final int BATCH = 256;
    private static final int PIXELS = 28 * 28;

    private DjlFashionRun() {}

    /** Argument: the folder of the four originals. */
    public static void main(String[] args) throws IOException, TranslateException {
        Path data = Path.of(args[0]);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Model model = Model.newInstance("fashion", "PyTorch")) {
            ArrayDataset train = dataset(manager, data, "train", true);
            ArrayDataset test = dataset(manager, data, "t10k", false);
            model.setBlock(Blocks.of(io.miniai.benchmarks.protocol.Model.CNN));
            try (Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                    .addEvaluator(new Accuracy())
                    .optOptimizer(Optimizer.sgd()
                            .setLearningRateTracker(Tracker.fixed(0.4f))
                            .build()))) {
                trainer.initialize(new Shape(BATCH, 1, 28, 28));
                long start = System.nanoTime();
                for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                    EasyTrain.fit(trainer, 1, train, test);
                    System.out.printf(Locale.ROOT, "%d epochs: %.2f s%n", epoch, (System.nanoTime() - start) / 1e9);
                }
            }
        }
    }

    private static ArrayDataset dataset(NDManager manager, Path data, String part, boolean shuffled) {
        byte[] bytes = Idx.read(data.resolve(part + "-images-idx3-ubyte.gz"), 3);
        byte[] labels = Idx.read(data.resolve(part + "-labels-idx1-ubyte.gz"), 1);
        float[] pixels = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            pixels[i] = (bytes[i] & 255) / 255f;
        }
        long[] classes = new long[labels.length];
        for (int i = 0; i < labels.length; i++) {
            classes[i] = labels[i];
        }
        NDArray x = manager.create(pixels, new Shape(bytes.length / PIXELS, 1, 28, 28));
        NDArray y = manager.create(classes, new Shape(classes.length));
        return new ArrayDataset.Builder()
                .setData(x)
                .optLabels(y)
                .setSampling(BATCH, shuffled)
                .build();
    }
}
