package io.miniai.data;

import io.miniai.learn.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Samples of any kind into batches by a function.
 *
 * @param <T> a sample
 * @param samples where they come from
 * @param collate puts them together
 * @param bad what happens to samples that cannot be read
 */
record ObjectBatches<T>(Dataset<T> samples, Collate<T> collate, BadSamples bad) implements BatchSource {
    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public boolean maySkip() {
        return bad.maySkip();
    }

    /** Samples of any kind cannot be compared. */
    @Override
    public Map<String, String> fingerprint() {
        return Map.of();
    }

    @Override
    public Buffer newBuffer(int batchSize) {
        return new ListBuffer(new ArrayList<>(batchSize));
    }

    private final class ListBuffer implements Buffer {
        private final List<T> list;

        ListBuffer(List<T> list) {
            this.list = list;
        }

        @Override
        public void fill(int[] chosen, long epoch, BooleanSupplier stopped) {
            list.clear();
            for (int sample : chosen) {
                if (stopped.getAsBoolean()) {
                    return;
                }
                try {
                    list.add(samples.get(sample));
                } catch (Exception e) { // checked ones, too, which other languages do not declare
                    bad.add(sample, "the dataset", e);
                }
            }
        }

        @Override
        public int count() {
            return list.size();
        }

        @Override
        public Batch collate() {
            return collate.collate(list);
        }
    }
}
