package io.miniai.optim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.miniai.nn.Conv2d;
import io.miniai.nn.Flatten;
import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.nn.MaxPool2d;
import io.miniai.nn.Models;
import io.miniai.nn.Module;
import io.miniai.nn.ReLU;
import io.miniai.nn.Sequential;
import io.miniai.tensor.DType;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import io.miniai.tensor.Window;
import io.miniai.testing.Close;
import io.miniai.testing.Fixtures;
import io.miniai.testing.LessonImages;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The lesson's networks compute and learn as PyTorch's do, from the same start on the same batches. */
class PytorchNetworksTest {
    private final Fixtures fixtures = Fixtures.read("networks");
    private final LessonImages images = new LessonImages();

    @TestFactory
    Stream<DynamicTest> output_and_gradients_of_the_first_batch_agree() {
        return cases("model/", this::checkModel);
    }

    @TestFactory
    Stream<DynamicTest> each_of_the_first_100_losses_is_within_1e_4_of_pytorchs() {
        return cases("curve/", this::checkCurve);
    }

    private interface Check {
        void run(String name, JsonNode about);
    }

    private Stream<DynamicTest> cases(String prefix, Check check) {
        return fixtures.descriptions().entrySet().stream()
                .filter(c -> c.getKey().startsWith(prefix))
                .map(c -> DynamicTest.dynamicTest(
                        c.getKey() + " " + c.getValue(), () -> check.run(c.getKey(), c.getValue())));
    }

    private void checkModel(String name, JsonNode about) {
        Module net = start(about);
        assertThat(net.numel()).isEqualTo(about.get("numel").asLong());
        Tensor x = images.batch(0, about.get("batch").asInt(), DType.FLOAT32);
        Tensor out = net.apply(x);
        Close.assertNear(name, out, fixtures.get(name + "/out"), 2e-6);
        loss(about, out, x, 0).backward();
        for (Map.Entry<String, Tensor> p : net.namedParameters().entrySet()) {
            String gradient = name + "/grad/" + p.getKey();
            Close.assertNear(gradient, p.getValue().grad(), fixtures.get(gradient), 2e-5);
        }
    }

    private void checkCurve(String name, JsonNode about) {
        Module net = start(about);
        double lr = about.get("lr").asDouble();
        Optimizer optimizer = switch (about.get("optimizer").asText()) {
            case "sgd" -> new SGD(net.parameters(), lr);
            case "momentum" -> new SGD(net.parameters(), lr).momentum(0.9);
            default -> new AdamW(net.parameters(), lr);
        };
        double[] expected = fixtures.get(name + "/float32").values();
        for (int step = 0; step < about.get("steps").asInt(); step++) {
            Tensor x = images.batch(step, about.get("batch").asInt(), DType.FLOAT32);
            Tensor loss = loss(about, net.apply(x), x, step);
            assertThat(loss.item())
                    .as("%s, loss of step %d", name, step)
                    .isCloseTo(expected[step], Percentage.withPercentage(0.01));
            loss.backward();
            optimizer.step();
            optimizer.zeroGrad();
        }
    }

    private Tensor loss(JsonNode about, Tensor out, Tensor x, int step) {
        return about.get("loss").asText().equals("mse")
                ? Losses.mse(out, x)
                : Losses.crossEntropy(
                        out, images.labels(step, about.get("batch").asInt()));
    }

    /** The network with the start weights of PyTorch, found by PyTorch's names. */
    private Module start(JsonNode about) {
        Module net = net(about.get("net").asText());
        String prefix = "start/" + about.get("start").asText() + "/";
        assertThat(net.namedParameters().keySet()).containsExactlyElementsOf(fixtures.below(prefix));
        net.namedParameters()
                .forEach((p, t) ->
                        TensorUpdates.assign(t, fixtures.get(prefix + p).toTensor(DType.FLOAT32)));
        return net;
    }

    private static Module net(String name) {
        return switch (name) {
            case "cnn" -> Models.cnn();
            case "mlp" -> Models.mlp();
            case "autoencoder" -> Models.autoencoder();
            case "small_autoencoder" -> Models.smallAutoencoder();
            case "pool_cnn" -> poolCnn();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Module poolCnn() {
        Window same = Window.of(3).withPadding(1);
        return Sequential.of(
                new Conv2d(1, 16, same),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(16, 32, same),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(32, 64, same),
                new ReLU(),
                new MaxPool2d(2),
                new Flatten(),
                new Linear(576, 10));
    }
}
