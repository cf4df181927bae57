package io.miniai.benchmarks.dl4j;

import io.miniai.benchmarks.protocol.Contestant;
import io.miniai.benchmarks.protocol.Model;
import io.miniai.benchmarks.protocol.Serve;
import io.miniai.benchmarks.protocol.Task;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's {@code MultiLayerNetwork.fit} on one batch; the lesson's classifier only. */
public final class Dl4jContestant {
    private Dl4jContestant() {}

    /** Answers the runner on the standard streams. */
    public static void main(String[] args) {
        Serve.run(Dl4jSession::new);
    }

    private static final class Dl4jSession implements Contestant.Session {
        private final MultiLayerNetwork net;
        private final INDArray x;
        private final INDArray target;

        Dl4jSession(Task task) {
            if (task.model() != Model.CNN) {
                throw new IllegalArgumentException(
                        "Expected cnn; got " + task.model().title() + ".");
            }
            int size = task.model().imageSize();
            x = Nd4j.create(task.images(), new long[] {task.batch(), 1, size, size}, 'c');
            target = oneHot(task.labels());
            net = new MultiLayerNetwork(cnn(size));
            net.init();
            long fanIn = 9;
            String[] layers = {"0", "1", "2", "3", "4"};
            for (int i = 0; i < layers.length; i++) {
                fanIn = start(layers[i] + "_W", 2 * i, fanIn);
                fanIn = start(layers[i] + "_b", 2 * i + 1, fanIn);
            }
        }

        private static MultiLayerConfiguration cnn(int size) {
            return new NeuralNetConfiguration.Builder()
                    .updater(new Sgd(Task.LEARNING_RATE))
                    .list()
                    .layer(conv(4, Activation.RELU))
                    .layer(conv(8, Activation.RELU))
                    .layer(conv(16, Activation.RELU))
                    .layer(conv(16, Activation.RELU))
                    .layer(conv(10, Activation.IDENTITY))
                    .layer(new LossLayer.Builder(LossFunction.MCXENT)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .setInputType(InputType.convolutional(size, size, 1))
                    .build();
        }

        private static ConvolutionLayer conv(int out, Activation activation) {
            return new ConvolutionLayer.Builder(3, 3)
                    .stride(2, 2)
                    .padding(1, 1)
                    .nOut(out)
                    .activation(activation)
                    .build();
        }

        private long start(String name, int index, long fanInBefore) {
            INDArray parameter = net.getParam(name);
            boolean isWeight = parameter.rank() == 4;
            long fanIn = isWeight ? parameter.length() / parameter.size(0) : fanInBefore;
            float[] values = Task.parameter(index, parameter.length(), fanIn);
            parameter.assign(Nd4j.create(values, parameter.shape(), 'c'));
            return fanIn;
        }

        private static INDArray oneHot(long[] labels) {
            INDArray rows = Nd4j.zeros(labels.length, 10);
            for (int i = 0; i < labels.length; i++) {
                rows.putScalar(i, labels[i], 1);
            }
            return rows;
        }

        @Override
        public long parameterCount() {
            return net.numParams();
        }

        @Override
        public void step() {
            net.fit(x, target);
        }

        @Override
        public double stepWithLoss() {
            net.fit(x, target);
            return net.score();
        }

        @Override
        public void close() {
            net.close();
        }
    }
}
