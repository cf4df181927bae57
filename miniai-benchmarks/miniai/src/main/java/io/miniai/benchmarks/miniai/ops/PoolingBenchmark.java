package io.miniai.benchmarks.miniai.ops;

import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Max-pooling 2×2 of {@code [64, 16, 28, 28]}. */
@State(Scope.Thread)
public class PoolingBenchmark extends OpState {
    private static final Window WINDOW = Window.of(2).withStride(2);

    private final Tensor x = parameter(64, 16, 28, 28);
    private final Tensor upstream = random(64, 16, 14, 14);

    /** Without gradients. */
    @Benchmark
    public Tensor forward() {
        return run(() -> Tensor.noGrad(() -> x.maxPool2d(WINDOW)));
    }

    /** With the gradient of the image. */
    @Benchmark
    public Tensor forwardAndBackward() {
        return run(() -> {
            Tensor y = x.maxPool2d(WINDOW);
            y.backward(upstream);
            x.zeroGrad();
            return y;
        });
    }
}
