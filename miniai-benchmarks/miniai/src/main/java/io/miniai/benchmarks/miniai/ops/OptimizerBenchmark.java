package io.miniai.benchmarks.miniai.ops;

import io.miniai.optim.AdamW;
import io.miniai.optim.Optimizer;
import io.miniai.optim.SGD;
import io.miniai.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One update of ten parameters. */
@State(Scope.Thread)
public class OptimizerBenchmark extends OpState {
    /** Numbers in each of the ten parameters: about those of the classifier, and about a million in all. */
    @Param({"500", "100000"})
    public int numbers;

    private List<Tensor> parameters = List.of();
    private Optimizer sgd = new SGD(List.of(Tensor.scalar(0)), 0);
    private Optimizer momentum = sgd;
    private Optimizer adamW = sgd;

    /** Makes parameters with gradients. */
    @Setup
    public void make() {
        parameters = IntStream.range(0, 10).mapToObj(i -> parameter(numbers)).toList();
        parameters.forEach(p -> p.sum().backward());
        sgd = new SGD(parameters, 1e-6);
        momentum = new SGD(parameters, 1e-6).momentum(0.9);
        adamW = new AdamW(parameters, 1e-6);
    }

    /** Plain. */
    @Benchmark
    public void sgd() {
        sgd.step();
    }

    /** With momentum. */
    @Benchmark
    public void sgdWithMomentum() {
        momentum.step();
    }

    /** AdamW. */
    @Benchmark
    public void adamW() {
        adamW.step();
    }
}
