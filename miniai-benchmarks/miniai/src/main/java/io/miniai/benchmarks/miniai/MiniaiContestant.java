package io.miniai.benchmarks.miniai;

import io.miniai.benchmarks.protocol.Contestant;
import io.miniai.benchmarks.protocol.Model;
import io.miniai.benchmarks.protocol.Serve;
import io.miniai.benchmarks.protocol.Task;
import io.miniai.nn.Losses;
import io.miniai.nn.Module;
import io.miniai.optim.Optimizer;
import io.miniai.optim.SGD;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Workspace;

/** miniai as its documentation shows a training loop written by hand; {@code -Dminiai.kernels=portable} for ND4J's operations. */
public final class MiniaiContestant {
    private MiniaiContestant() {}

    /** Answers the runner on the standard streams. */
    public static void main(String[] args) {
        Serve.run(task -> task.model() == Model.IMAGE ? new Asking(task) : new Training(task));
    }

    /** A model with its batch. */
    private abstract static class MiniaiSession implements Contestant.Session {
        final Module model;
        final Tensor x;
        final Workspace workspace = new Workspace();

        MiniaiSession(Task task) {
            int size = task.model().imageSize();
            model = Networks.started(task.model());
            x = Tensor.of(task.images(), task.batch(), 1, size, size);
        }

        @Override
        public final long parameterCount() {
            return model.numel();
        }

        @Override
        public final void close() {
            workspace.release();
        }
    }

    private static final class Training extends MiniaiSession {
        private final boolean reconstructs;
        private final Tensor labels;
        private final Optimizer optimizer = new SGD(model.parameters(), Task.LEARNING_RATE);

        Training(Task task) {
            super(task);
            reconstructs = task.model() == Model.AUTOENCODER;
            labels = Tensor.of(task.labels(), task.batch());
        }

        @Override
        public void step() {
            workspace.release();
            try (var step = workspace.enter()) {
                trained();
            }
        }

        @Override
        public double stepWithLoss() {
            workspace.release();
            try (var step = workspace.enter()) {
                return trained().item();
            }
        }

        private Tensor trained() {
            Tensor y = model.apply(x);
            Tensor loss = reconstructs ? Losses.mse(y, x) : Losses.crossEntropy(y, labels);
            loss.backward();
            optimizer.step();
            optimizer.zeroGrad();
            return loss;
        }
    }

    private static final class Asking extends MiniaiSession {
        Asking(Task task) {
            super(task);
            model.eval();
        }

        @Override
        public void step() {
            workspace.release();
            try (var step = workspace.enter()) {
                Tensor.noGrad(() -> model.apply(x)).toFloatArray();
            }
        }

        @Override
        public double stepWithLoss() {
            return Tensor.noGrad(() -> model.apply(x)).sum().item();
        }
    }
}
