package io.miniai.benchmarks.miniai.whole;

import io.miniai.learn.Batch;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.nn.Module;
import io.miniai.optim.Optimizer;
import io.miniai.optim.SGD;
import io.miniai.tensor.MemoryStats;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Workspace;
import java.lang.management.ManagementFactory;

/** Native memory after 100 and after 2,000 steps, and bytes of heap that a step allocates. */
public final class SteadyState {
    private static final int EARLY = 100;
    private static final int LATE = 2000;
    private static final int BATCH = 64;

    private SteadyState() {}

    /** Prints both for the classifier and the autoencoder. */
    public static void main(String[] args) {
        Batch batch = Synthetic.images(BATCH, 28);
        measure("cnn", Models.cnn(), batch.x(), batch.y());
        measure("autoencoder", Models.autoencoder(), batch.x(), batch.x());
    }

    private static void measure(String title, Module model, Tensor x, Tensor target) {
        Optimizer optimizer = new SGD(model.parameters(), 0.01);
        Workspace workspace = new Workspace();
        long heap = 0;
        MemoryStats early = MemoryStats.now();
        for (int step = 1; step <= LATE; step++) {
            if (step == LATE / 2) {
                heap = heapBytes();
            }
            workspace.release();
            try (var inside = workspace.enter()) {
                Tensor y = model.apply(x);
                (target == x ? Losses.mse(y, x) : Losses.crossEntropy(y, target)).backward();
                optimizer.step();
                optimizer.zeroGrad();
            }
            if (step == EARLY) {
                early = MemoryStats.now();
            }
        }
        long perStep = (heapBytes() - heap) / (LATE - LATE / 2);
        MemoryStats late = MemoryStats.now();
        Print.line(
                "%s, batch %d: native bytes after step %d: %d lent, %d waiting, %d allocations; after step %d: %d, %d, %d;"
                        + " heap allocated a step: %d bytes",
                title,
                BATCH,
                EARLY,
                early.inUse(),
                early.waiting(),
                early.allocations(),
                LATE,
                late.inUse(),
                late.waiting(),
                late.allocations(),
                perStep);
    }

    private static long heapBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
