package io.miniai.benchmarks.miniai.ops;

import io.miniai.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code [m, k] × [k, n]}: a large square, and what two layers of a classifier ask for. */
@State(Scope.Thread)
public class MatmulBenchmark extends OpState {
    /** m x k x n. */
    @Param({"1024x1024x1024", "12544x144x32", "256x784x50"})
    public String size = "";

    private Tensor a = Tensor.scalar(0);
    private Tensor b = Tensor.scalar(0);

    /** Makes the factors. */
    @Setup
    public void make() {
        String[] dims = size.split("x", -1);
        int k = Integer.parseInt(dims[1]);
        a = random(Integer.parseInt(dims[0]), k);
        b = random(k, Integer.parseInt(dims[2]));
    }

    /** The product. */
    @Benchmark
    public Tensor matmul() {
        return run(() -> a.matmul(b));
    }
}
