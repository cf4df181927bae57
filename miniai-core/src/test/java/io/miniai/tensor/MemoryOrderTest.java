package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In what order a convolution leaves its images in memory depends on their number; what follows must not. */
class MemoryOrderTest {
    static Stream<Arguments> operations() {
        return Stream.of(
                operation("pad", y -> y.pad(1, 2, 3, 0)),
                operation("crop", y -> y.pad(-1, -2, 0, -3)),
                operation("crop and pad", y -> y.pad(-1, 2, 3, -2)),
                operation("max pooling", y -> y.maxPool2d(Window.of(2).withStride(2))),
                operation(
                        "overlapping max pooling", y -> y.maxPool2d(Window.of(3).withPadding(1))),
                operation("average pooling", y -> y.avgPool2d(Window.of(3).withStride(2))),
                operation("global average pooling", Tensor::globalAvgPool2d),
                operation("upsampling", y -> y.upsampleNearest2d(2).sigmoid()),
                operation("slicing channels", y -> y.slice(1, 1, 3)),
                operation("slicing images", y -> y.slice(0, 1, 3)),
                operation("slicing rows", y -> y.slice(2, 1, 7, 2)),
                operation("sum over images", y -> y.sum(0, false)),
                operation("mean over channels", y -> y.mean(1, true)),
                operation("sum over columns", y -> y.sum(3, false)),
                operation("reshape", y -> y.reshape(-1, 16)),
                operation(
                        "adding",
                        y -> y.add(
                                Tensor.arange((int) y.numel()).reshape(y.shape().toArray()))),
                operation("multiplying", y -> y.mul(Tensor.arange(3).reshape(1, 3, 1, 1))),
                operation(
                        "multiplying images",
                        y -> y.mul(Tensor.arange(y.size(0)).reshape(-1, 1, 1, 1))),
                operation(
                        "dividing a row by it",
                        y -> Tensor.arange(8).add(1).div(y.square().add(1))),
                operation(
                        "stretching what is left of it",
                        y -> y.mul(y.mean(1, true)).add(y.sum(0, true))),
                operation("largest of the channels", y -> y.max(1, true)),
                operation(
                        "mean of each channel",
                        y -> y.mean(3, true).mean(2, true).mean(0, true)),
                operation("normalising", y -> {
                    Tensor mean = y.mean(3, true).mean(2, true).mean(0, true);
                    Tensor d = y.sub(mean);
                    return d.div(d.square()
                            .mean(3, true)
                            .mean(2, true)
                            .mean(0, true)
                            .add(0.1)
                            .sqrt());
                }),
                operation("moving channels last", y -> y.permute(0, 2, 3, 1)),
                operation("channels behind channels", y -> Tensor.concat(1, y, y.square())),
                operation("images behind images", y -> Tensor.concat(0, y, y.neg())),
                operation("rows of others before it", y -> Tensor.concat(2, Tensor.ones(y.size(0), 3, 2, 8), y)),
                operation("rows of others behind it", y -> Tensor.concat(2, y, Tensor.ones(y.size(0), 3, 2, 8))),
                operation("sigmoid", Tensor::sigmoid));
    }

    private static Arguments operation(String name, UnaryOperator<Tensor> operation) {
        return Arguments.of(name, operation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void every_operation_gives_the_same_behind_a_convolution_as_on_values_from_java(
            String name, UnaryOperator<Tensor> operation) {
        for (int images : new int[] {4, 40}) {
            Tensor convolved = convolved(images, kernel());
            Tensor values = Tensor.of(convolved.toFloatArray(), images, 3, 8, 8).requiresGrad(true);
            Tensor expected = operation.apply(values);
            Tensor weights = Tensor.randn(Rng.of(3), expected.shape().toArray());
            expected.mul(weights).sum().backward();
            Tensor kernel = kernel();
            Tensor actual = operation.apply(convolved(images, kernel));

            actual.mul(weights).sum().backward();

            assertThat(actual.shape()).isEqualTo(expected.shape());
            assertThat(actual.toFloatArray()).containsExactly(expected.toFloatArray(), within(1e-4f));
            // The gradient of the kernel tells whether that of the convolution's output came back in the right order.
            Tensor other = kernel();
            Tensor gradient = Objects.requireNonNull(values.grad());
            convolved(images, other).mul(gradient).sum().backward();
            assertThat(Objects.requireNonNull(kernel.grad()).toFloatArray())
                    .containsExactly(Objects.requireNonNull(other.grad()).toFloatArray(), within(0.02f));
        }
    }

    private static Tensor kernel() {
        return Tensor.randn(Rng.of(2), 3, 2, 3, 3).requiresGrad(true);
    }

    private static Tensor convolved(int images, Tensor kernel) {
        Tensor x = Tensor.randn(Rng.of(1), images, 2, 8, 8);
        return x.conv2d(kernel, null, Window.of(3).withPadding(1));
    }
}
