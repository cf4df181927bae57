package io.miniai.benchmarks.miniai.ops;

import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A 3×3 convolution with stride 2, padding 1, bias and ReLU on a batch of 64. */
@State(Scope.Thread)
public class ConvolutionBenchmark extends OpState {
    private static final Window WINDOW = Window.of(3).withStride(2).withPadding(1);
    private static final int BATCH = 64;

    /** input channels x output channels x pixels: the first and second layer of the classifier, and a wide one. */
    @Param({"1x4x28", "4x8x14", "64x128x14"})
    public String layer = "";

    private Tensor x = Tensor.scalar(0);
    private Tensor weight = Tensor.scalar(0);
    private Tensor bias = Tensor.scalar(0);
    private Tensor upstream = Tensor.scalar(0);

    /** Makes image batch and parameters. */
    @Setup
    public void make() {
        String[] dims = layer.split("x", -1);
        int in = Integer.parseInt(dims[0]);
        int out = Integer.parseInt(dims[1]);
        int size = Integer.parseInt(dims[2]);
        x = parameter(BATCH, in, size, size);
        weight = parameter(out, in, 3, 3);
        bias = parameter(out);
        upstream = random(BATCH, out, size / 2, size / 2);
    }

    /** The columns of the image: {@code [64, in·9, positions]}. */
    @Benchmark
    public Tensor unfold() {
        return run(() -> Tensor.noGrad(() -> x.unfold(WINDOW)));
    }

    /** Without gradients. */
    @Benchmark
    public Tensor forward() {
        return run(() -> Tensor.noGrad(() -> x.conv2d(weight, bias, WINDOW).relu()));
    }

    /** With the gradients of image, weight and bias. */
    @Benchmark
    public Tensor forwardAndBackward() {
        return run(() -> {
            Tensor y = x.conv2d(weight, bias, WINDOW).relu();
            y.backward(upstream);
            x.zeroGrad();
            weight.zeroGrad();
            bias.zeroGrad();
            return y;
        });
    }
}
