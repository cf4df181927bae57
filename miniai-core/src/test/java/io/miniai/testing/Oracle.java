package io.miniai.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.miniai.tensor.DType;
import io.miniai.tensor.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The one test of all ops: PyTorch's result and gradients, from the same inputs. */
public final class Oracle {
    private static final double FLOAT64_TOLERANCE = 1e-12;
    private static final double FLOAT32_TOLERANCE = 2e-6;

    private Oracle() {}

    /** A test for each case of a fixture file and each floating-point type. */
    public static Stream<DynamicTest> tests(String file) {
        Fixtures fixtures = Fixtures.read(file);
        return fixtures.descriptions().entrySet().stream()
                .flatMap(c -> Stream.of(DType.FLOAT64, DType.FLOAT32)
                        .map(type -> DynamicTest.dynamicTest(
                                "%s %s %s".formatted(c.getKey(), type, c.getValue()),
                                () -> check(fixtures, c.getKey(), c.getValue(), type))));
    }

    private static void check(Fixtures fixtures, String name, JsonNode about, DType type) {
        double tolerance =
                about.get("exact").asBoolean() ? 0 : type == DType.FLOAT64 ? FLOAT64_TOLERANCE : FLOAT32_TOLERANCE;
        Tensor[] in = new Tensor[about.get("inputs").asInt()];
        for (int i = 0; i < in.length; i++) {
            in[i] = fixtures.get(name + "/in" + i).toTensor(type);
            if (fixtures.has(name + "/grad" + i)) {
                in[i].requiresGrad(true);
            }
        }
        Tensor out = OpTable.apply(about.get("op").asText(), in, about);
        Close.assertNear(name + " result", out, fixtures.get(name + "/out"), tolerance);
        assertThat(out.requiresGrad()).isEqualTo(fixtures.has(name + "/upstream"));
        if (!out.requiresGrad()) {
            return;
        }
        out.backward(fixtures.get(name + "/upstream").toTensor(type));
        for (int i = 0; i < in.length; i++) {
            String gradient = name + "/grad" + i;
            if (fixtures.has(gradient)) {
                assertThat(in[i].grad()).as(gradient).isNotNull();
                Close.assertNear(gradient, in[i].grad(), fixtures.get(gradient), tolerance);
            }
        }
    }

    /** A check by differences of some cases of each differentiable op of a fixture file. */
    public static Stream<DynamicTest> gradientChecks(String file) {
        Fixtures fixtures = Fixtures.read(file);
        return fixtures.descriptions().entrySet().stream()
                .filter(c -> fixtures.has(c.getKey() + "/upstream"))
                .filter(c -> isChecked(
                        Integer.parseInt(c.getKey().substring(c.getKey().indexOf('/') + 1))))
                .map(c -> DynamicTest.dynamicTest(
                        c.getKey() + " " + c.getValue(), () -> checkGradient(fixtures, c.getKey(), c.getValue())));
    }

    /** The first ones of each op, and of the long lists some all along. */
    private static boolean isChecked(int number) {
        return number < 4 || number % 12 == 5;
    }

    private static void checkGradient(Fixtures fixtures, String name, JsonNode about) {
        Tensor[] in = new Tensor[about.get("inputs").asInt()];
        for (int i = 0; i < in.length; i++) {
            Numbers x = fixtures.get(name + "/in" + i);
            boolean differentiable = fixtures.has(name + "/grad" + i);
            in[i] = (differentiable ? shaken(x, i) : x).toTensor(DType.FLOAT64).requiresGrad(differentiable);
        }
        GradientCheck.check(name, x -> OpTable.apply(about.get("op").asText(), x, about), in);
    }

    /** Moves each number by another amount, at most 0.02, away from the ties and kinks on multiples of 1/16. */
    private static Numbers shaken(Numbers x, int input) {
        double[] moved = x.values().clone();
        for (int i = 0; i < moved.length; i++) {
            double golden = (i + 1 + 0.5 * input) * 0.6180339887498949;
            moved[i] += 0.001 + 0.019 * (golden - Math.floor(golden));
        }
        return new Numbers(moved, x.shape(), x.integer());
    }
}
