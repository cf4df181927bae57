package io.miniai.benchmarks.libtorch;

import io.miniai.benchmarks.protocol.Contestant;
import io.miniai.benchmarks.protocol.Model;
import io.miniai.benchmarks.protocol.Serve;
import io.miniai.benchmarks.protocol.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's library called from Java, its memory given back after every step. */
public final class LibtorchContestant {
    private LibtorchContestant() {}

    /** Answers the runner on the standard streams. */
    public static void main(String[] args) {
        torch.set_num_threads(Runtime.getRuntime().availableProcessors());
        Serve.run(TorchSession::new);
    }

    private static Net net(Model model) {
        return switch (model) {
            case CNN, IMAGE -> Net.cnn();
            case WIDE -> Net.wide();
            case AUTOENCODER -> Net.autoencoder();
            case MLP -> Net.mlp();
            case POOL28, POOL64 -> Net.poolCnn(model.imageSize());
        };
    }

    private static final class TorchSession implements Contestant.Session {
        private final Model model;
        private final Net net;
        private final Tensor[] parameters;
        private final Tensor x;
        private final Tensor labels;
        private final Optimizer optimizer;

        TorchSession(Task task) {
            model = task.model();
            net = net(model);
            long size = model.imageSize();
            x = Tensor.create(task.images(), task.batch(), 1, size, size);
            labels = Tensor.create(task.labels(), task.batch());
            parameters = new Tensor[net.parameters().size()];
            for (int i = 0; i < parameters.length; i++) {
                Net.Parameter p = net.parameters().get(i);
                long fanIn = Math.round(1 / (p.bound() * p.bound()));
                parameters[i] = Tensor.create(Task.parameter(i, p.count(), fanIn), p.shape());
                parameters[i].set_requires_grad(true);
            }
            optimizer = Optimizers.Sgd.plain(Task.LEARNING_RATE).over(parameters);
        }

        @Override
        public long parameterCount() {
            return net.numel();
        }

        @Override
        public void step() {
            try (PointerScope scope = new PointerScope()) {
                if (model == Model.IMAGE) {
                    answer();
                } else {
                    trained();
                }
            }
        }

        @Override
        public double stepWithLoss() {
            try (PointerScope scope = new PointerScope()) {
                return model == Model.IMAGE
                        ? answer().sum().item_double()
                        : trained().item_double();
            }
        }

        private Tensor answer() {
            try (AutoGradMode off = new AutoGradMode(false)) {
                return net.forward(x, parameters);
            }
        }

        private Tensor trained() {
            optimizer.zero_grad();
            Tensor y = net.forward(x, parameters);
            Tensor loss = model == Model.AUTOENCODER ? torch.mse_loss(y, x) : torch.cross_entropy_loss(y, labels);
            loss.backward();
            optimizer.step();
            return loss;
        }

        @Override
        public void close() {
            // Made outside of a scope: the garbage collector frees it.
        }
    }
}
