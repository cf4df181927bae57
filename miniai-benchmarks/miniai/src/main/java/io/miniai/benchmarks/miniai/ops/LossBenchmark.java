package io.miniai.benchmarks.miniai.ops;

import io.miniai.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Cross-entropy of ten classes, with its gradient. */
@State(Scope.Thread)
public class LossBenchmark extends OpState {
    private static final int CLASSES = 10;

    /** Rows of logits. */
    @Param({"64", "1024"})
    public int batch;

    private Tensor logits = Tensor.scalar(0);
    private Tensor labels = Tensor.scalar(0);

    /** Makes logits and labels. */
    @Setup
    public void make() {
        logits = parameter(batch, CLASSES);
        long[] classes = new long[batch];
        for (int i = 0; i < batch; i++) {
            classes[i] = i % CLASSES;
        }
        labels = Tensor.of(classes, batch);
    }

    /** Loss and gradient. */
    @Benchmark
    public Tensor crossEntropy() {
        return run(() -> {
            Tensor loss = logits.crossEntropy(labels);
            loss.backward();
            logits.zeroGrad();
            return loss;
        });
    }
}
