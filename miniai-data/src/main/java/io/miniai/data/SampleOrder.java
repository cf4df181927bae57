package io.miniai.data;

import io.miniai.data.DataLoader.Plan;
import io.miniai.tensor.Rng;
import org.jspecify.annotations.Nullable;

/** Which samples make up which batch of an epoch: a function of seed and epoch, and of nothing else. */
final class SampleOrder {
    private final int @Nullable [] shuffled;
    private final int samples;
    private final int batchSize;
    private final boolean dropLast;

    SampleOrder(int samples, Plan plan, long epoch) {
        this.samples = samples;
        this.batchSize = plan.batchSize();
        this.dropLast = plan.dropLast();
        this.shuffled = plan.shuffle() ? Rng.of(plan.seed(), epoch).permutation(samples) : null;
    }

    static int batches(int samples, int batchSize, boolean dropLast) {
        return dropLast ? samples / batchSize : (int) (((long) samples + batchSize - 1) / batchSize);
    }

    int batches() {
        return batches(samples, batchSize, dropLast);
    }

    int batchSize() {
        return batchSize;
    }

    int[] batch(int number) {
        int from = number * batchSize;
        int[] batch = new int[Math.min(batchSize, samples - from)];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = shuffled == null ? from + i : shuffled[from + i];
        }
        return batch;
    }
}
