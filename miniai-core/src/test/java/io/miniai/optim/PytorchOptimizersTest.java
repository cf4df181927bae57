package io.miniai.optim;

import com.fasterxml.jackson.databind.JsonNode;
import io.miniai.tensor.DType;
import io.miniai.tensor.Tensor;
import io.miniai.testing.Close;
import io.miniai.testing.Fixtures;
import io.miniai.testing.Numbers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Ten steps of every optimizer on given gradients leave PyTorch's parameters, the learning rate lowered half-way. */
class PytorchOptimizersTest {
    @TestFactory
    Stream<DynamicTest> parameters_agree_after_every_step() {
        Fixtures fixtures = Fixtures.read("optimizers");
        return fixtures.descriptions().entrySet().stream()
                .flatMap(c -> Stream.of(DType.FLOAT64, DType.FLOAT32)
                        .map(type -> DynamicTest.dynamicTest(
                                c.getKey() + " " + type + " " + c.getValue(),
                                () -> check(fixtures, c.getKey(), c.getValue(), type))));
    }

    private static void check(Fixtures fixtures, String name, JsonNode about, DType type) {
        double tolerance = type == DType.FLOAT64 ? 1e-12 : 2e-6;
        List<Tensor> parameters = Stream.of("/in0", "/in1")
                .map(p -> fixtures.get(name + p).toTensor(type).requiresGrad(true))
                .toList();
        JsonNode rates = about.get("lr");
        Optimizer optimizer = optimizer(about, parameters, rates.get(0).asDouble());
        for (int step = 0; step < rates.size(); step++) {
            optimizer.lr(rates.get(step).asDouble());
            for (int i = 0; i < parameters.size(); i++) {
                Numbers gradient = fixtures.get(name + "/grads" + i).get(step);
                parameters.get(i).mul(gradient.toTensor(type)).sum().backward();
            }
            optimizer.step();
            optimizer.zeroGrad();
            for (int i = 0; i < parameters.size(); i++) {
                Numbers expected = fixtures.get(name + "/params" + i).get(step);
                Close.assertNear("%s step %d".formatted(name, step), parameters.get(i), expected, tolerance);
            }
        }
    }

    private static Optimizer optimizer(JsonNode about, List<Tensor> parameters, double lr) {
        double decay = about.get("weightDecay").asDouble();
        return switch (about.get("op").asText()) {
            case "adam" ->
                new Adam(parameters, lr).eps(about.get("eps").asDouble()).weightDecay(decay);
            case "adamw" ->
                new AdamW(parameters, lr).eps(about.get("eps").asDouble()).weightDecay(decay);
            default -> sgd(about, new SGD(parameters, lr).weightDecay(decay));
        };
    }

    private static SGD sgd(JsonNode about, SGD sgd) {
        double momentum = about.get("momentum").asDouble();
        if (momentum == 0) {
            return sgd;
        }
        return about.get("nesterov").asBoolean()
                ? sgd.nesterov(momentum)
                : sgd.momentum(momentum, about.get("dampening").asDouble());
    }
}
