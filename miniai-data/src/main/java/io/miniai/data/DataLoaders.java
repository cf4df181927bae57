package io.miniai.data;

import io.miniai.learn.TrainValid;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loaders of a fit: one to train, shuffled, and one to validate, never shuffled.
 *
 * <pre>{@code
 * try (var dls = DataLoaders.of(fashion).batchSize(256).workers(4).seed(42).build()) {
 *     …
 * }
 * }</pre>
 *
 * <p>Closing it ends the threads of both; it may be done twice.
 */
public final class DataLoaders implements TrainValid, AutoCloseable {
    private final DataLoader train;
    private final @Nullable DataLoader valid;

    private DataLoaders(DataLoader train, @Nullable DataLoader valid) {
        this.train = train;
        this.valid = valid;
    }

    /** Begins to describe the loaders of a dataset; it is validated on {@link DatasetDict#valid()}, where there is one. */
    public static Builder of(DatasetDict parts) {
        return new Builder(DataLoader.of(parts.train()), parts.hasValid() ? DataLoader.of(parts.valid()) : null);
    }

    /** Begins to describe the loaders of two datasets of images. */
    public static Builder of(ImageDataset train, ImageDataset valid) {
        return of(new DatasetDict(train, valid, null));
    }

    /** Begins to describe the loaders of two datasets of any kind, whose samples a function puts together. */
    public static <T> Builder of(Dataset<T> train, Dataset<T> valid, Collate<T> collate) {
        return new Builder(DataLoader.of(train, collate), DataLoader.of(valid, collate));
    }

    @Override
    public DataLoader train() {
        return train;
    }

    @Override
    public @Nullable DataLoader valid() {
        return valid;
    }

    @Override
    public void close() {
        train.close();
        if (valid != null) {
            valid.close();
        }
    }

    /** The settings of both loaders; what each means is said at {@link DataLoaderBuilder}. */
    public static final class Builder {
        private final DataLoaderBuilder train;
        private final @Nullable DataLoaderBuilder valid;
        private int batchSize = 64;
        private int validBatchSize;

        private Builder(DataLoaderBuilder train, @Nullable DataLoaderBuilder valid) {
            this.train = train.shuffle(true);
            this.valid = valid;
        }

        private Builder both(Consumer<DataLoaderBuilder> setting) {
            setting.accept(train);
            if (valid != null) {
                setting.accept(valid);
            }
            return this;
        }

        /** Samples in a batch to train on; 64 unless said otherwise. */
        public Builder batchSize(int samples) {
            train.batchSize(samples);
            batchSize = samples;
            return this;
        }

        /** Samples in a batch to validate on; twice as many as to train on unless said otherwise. */
        public Builder validBatchSize(int samples) {
            validBatchSize = DataLoaderBuilder.atLeast("validBatchSize", samples, 1);
            return this;
        }

        /** Threads that read ahead; as many as there are processors, at most 4, unless said otherwise. */
        public Builder workers(int threads) {
            return both(b -> b.workers(threads));
        }

        /** Batches read ahead at most; two for each worker unless said otherwise. */
        public Builder prefetch(int batches) {
            return both(b -> b.prefetch(batches));
        }

        /** Whether the samples to train on come in a new order every epoch; they do unless said otherwise. */
        public Builder shuffle(boolean on) {
            train.shuffle(on);
            return this;
        }

        /** Whether a last batch to train on that is not full is left out; not unless said so. */
        public Builder dropLast(boolean on) {
            train.dropLast(on);
            return this;
        }

        /** What order and random draws depend on; 42 unless said otherwise. */
        public Builder seed(long number) {
            return both(b -> b.seed(number));
        }

        /** Bytes of decoded images that each loader keeps for later epochs; 0 keeps none. */
        public Builder cache(long maxBytes) {
            return both(b -> b.cache(maxBytes));
        }

        /** Shifts and scales pixels, (value in 0..1 − mean) ÷ std, by channel. */
        public Builder normalize(double[] mean, double[] std) {
            return both(b -> b.normalize(mean, std));
        }

        /** Changes every image to train on; those to validate on stay as they are. */
        public Builder transform(ImageTransform change) {
            train.transform(change);
            return this;
        }

        /** Samples of each loader that may be left out because they cannot be read; 0 unless said otherwise. */
        public Builder skipBadSamples(int atMost) {
            return both(b -> b.skipBadSamples(atMost));
        }

        /**
         * Checks the settings and makes the loaders; nothing is read yet.
         *
         * @throws IllegalArgumentException if they do not fit together or the data
         */
        public DataLoaders build() {
            DataLoader trainLoader = train.build();
            if (valid == null) {
                return new DataLoaders(trainLoader, null);
            }
            int validSize = validBatchSize > 0 ? validBatchSize : (int) Math.min(Integer.MAX_VALUE, 2L * batchSize);
            return new DataLoaders(trainLoader, valid.batchSize(validSize).build());
        }
    }
}
