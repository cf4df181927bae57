package io.miniai.benchmarks.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.miniai.benchmarks.protocol.Contestant;
import io.miniai.benchmarks.protocol.Serve;
import io.miniai.benchmarks.protocol.Task;

/** DJL's training loop as its EasyTrain has it, without listeners. */
public final class DjlContestant {
    private DjlContestant() {}

    /** Answers the runner on the standard streams. */
    public static void main(String[] args) {
        Serve.run(DjlSession::new);
    }

    private static final class DjlSession implements Contestant.Session {
        private final boolean answersOnly;
        private final Model model = Model.newInstance("benchmark", "PyTorch");
        private final NDManager manager = NDManager.newBaseManager("PyTorch");
        private final NDArray x;
        private final NDArray target;
        private final Loss loss;
        private final Trainer trainer;

        DjlSession(Task task) {
            boolean reconstructs = task.model() == io.miniai.benchmarks.protocol.Model.AUTOENCODER;
            answersOnly = task.model() == io.miniai.benchmarks.protocol.Model.IMAGE;
            int size = task.model().imageSize();
            Shape shape = new Shape(task.batch(), 1, size, size);
            x = manager.create(task.images(), shape);
            target = reconstructs ? x : manager.create(task.labels(), new Shape(task.batch()));
            loss = reconstructs ? Loss.l2Loss("mse", 1) : Loss.softmaxCrossEntropyLoss();
            Block block = Blocks.of(task.model());
            model.setBlock(block);
            trainer = model.newTrainer(new DefaultTrainingConfig(loss)
                    .optOptimizer(Optimizer.sgd()
                            .setLearningRateTracker(Tracker.fixed((float) Task.LEARNING_RATE))
                            .build()));
            block.setInitializer(new GivenStart(), p -> true);
            trainer.initialize(shape);
        }

        @Override
        public long parameterCount() {
            return model.getBlock().getParameters().values().stream()
                    .mapToLong(p -> p.getArray().size())
                    .sum();
        }

        @Override
        public void step() {
            run(false);
        }

        @Override
        public double stepWithLoss() {
            return run(true);
        }

        /** What a step makes goes to the manager of its input, and is freed with it. */
        private double run(boolean wantsLoss) {
            try (NDManager step = manager.newSubManager()) {
                x.attach(step);
                target.attach(step);
                NDArray result = answersOnly ? answer() : trained();
                double value = wantsLoss ? result.sum().getFloat() : 0;
                x.attach(manager);
                target.attach(manager);
                return value;
            }
        }

        private NDArray answer() {
            NDArray y = trainer.evaluate(new NDList(x)).singletonOrThrow();
            y.toFloatArray();
            return y;
        }

        private NDArray trained() {
            NDArray value;
            try (GradientCollector gradients = trainer.newGradientCollector()) {
                NDList y = trainer.forward(new NDList(x));
                value = loss.evaluate(new NDList(target), y);
                gradients.backward(value);
            }
            trainer.step();
            return value;
        }

        @Override
        public void close() {
            trainer.close();
            model.close();
            manager.close();
        }
    }

    /** Fills the parameters in their order: weight, bias, weight, bias, … */
    private static final class GivenStart implements Initializer {
        private int index;
        private long fanIn;

        @Override
        public NDArray initialize(NDManager manager, Shape shape, DataType type) {
            if (shape.dimension() > 1) {
                fanIn = shape.size() / shape.get(0);
            }
            return manager.create(Task.parameter(index++, shape.size(), fanIn), shape);
        }
    }
}
