package io.miniai.data;

import io.miniai.data.DataLoader.Plan;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link DataLoader}; all have a default, and all are checked before anything is read. */
public final class DataLoaderBuilder {
    private static final long MOST_CACHED = 1L << 30;

    private final int size;
    private final @Nullable ImageDataset images;
    private final @Nullable Function<BadSamples, BatchSource> objects;
    private int batchSize = 64;
    private int workers = Math.min(4, Runtime.getRuntime().availableProcessors());
    private int prefetch;
    private boolean shuffle;
    private boolean dropLast;
    private long seed = 42;
    private long cacheBytes = Math.min(MOST_CACHED, Runtime.getRuntime().maxMemory() / 4);
    private int skipAtMost;
    private double @Nullable [] mean;
    private double @Nullable [] std;
    private @Nullable ImageTransform transform;

    DataLoaderBuilder(ImageDataset images) {
        this.size = images.size();
        this.images = images;
        this.objects = null;
    }

    DataLoaderBuilder(int size, Function<BadSamples, BatchSource> objects) {
        this.size = size;
        this.images = null;
        this.objects = objects;
    }

    /** Samples in a batch; 64 unless said otherwise. */
    public DataLoaderBuilder batchSize(int samples) {
        batchSize = atLeast("batchSize", samples, 1);
        return this;
    }

    /** Threads that read ahead; as many as there are processors, at most 4, unless said otherwise. 0: read when asked. */
    public DataLoaderBuilder workers(int threads) {
        workers = atLeast("workers", threads, 0);
        return this;
    }

    /** Batches read ahead at most; two for each worker unless said otherwise. */
    public DataLoaderBuilder prefetch(int batches) {
        prefetch = atLeast("prefetch", batches, 1);
        return this;
    }

    /** Whether every epoch has an order of its own; not unless said so. */
    public DataLoaderBuilder shuffle(boolean on) {
        shuffle = on;
        return this;
    }

    /** Whether a last batch that is not full is left out; not unless said so. */
    public DataLoaderBuilder dropLast(boolean on) {
        dropLast = on;
        return this;
    }

    /** What order and random draws depend on; 42 unless said otherwise. */
    public DataLoaderBuilder seed(long number) {
        seed = number;
        return this;
    }

    /**
     * Keeps decoded images for later epochs, one byte a pixel and channel, up to this many bytes; the rest is decoded
     * again. A quarter of the heap, at most 1 GiB, unless said otherwise; 0 keeps none.
     */
    public DataLoaderBuilder cache(long maxBytes) {
        checkImages("cache");
        if (maxBytes < 0) {
            throw new IllegalArgumentException("cache: expected at least 0 bytes, got " + maxBytes);
        }
        cacheBytes = maxBytes;
        return this;
    }

    /**
     * Shifts and scales pixels, (value in 0..1 − mean) ÷ std, by channel; not unless said so.
     *
     * @param channelMean one number a channel
     * @param channelStd one number a channel, above 0
     */
    public DataLoaderBuilder normalize(double[] channelMean, double[] channelStd) {
        int channels = checkImages("normalize").format().channels();
        checkPerChannel("mean", channelMean, channels);
        checkPerChannel("std", channelStd, channels);
        if (Arrays.stream(channelStd).anyMatch(s -> s <= 0)) {
            throw new IllegalArgumentException("normalize: expected std above 0, got " + Arrays.toString(channelStd));
        }
        mean = channelMean.clone();
        std = channelStd.clone();
        return this;
    }

    /** Changes every image on its way into a batch, after the cache and before normalising. */
    public DataLoaderBuilder transform(ImageTransform change) {
        checkImages("transform");
        transform = change;
        return this;
    }

    /**
     * Leaves out samples that cannot be read, up to this many, and reports them ({@link DataLoader#skipped}); the
     * next one is an error. The first one is, unless said otherwise.
     */
    public DataLoaderBuilder skipBadSamples(int atMost) {
        skipAtMost = atLeast("skipBadSamples", atMost, 0);
        return this;
    }

    /**
     * Checks the settings against each other and makes the loader; nothing is read yet.
     *
     * @throws IllegalArgumentException if not a single batch would come of them
     */
    public DataLoader build() {
        if (SampleOrder.batches(size, batchSize, dropLast) == 0) {
            throw new IllegalArgumentException(
                    size <= 0
                            ? "dataset: expected at least 1 sample, got " + size
                            : "dropLast: leaves no batch of " + batchSize + " from " + size
                                    + " samples. Use a batchSize of at most " + size + ", or keep the last batch.");
        }
        BadSamples bad = new BadSamples(skipAtMost);
        int ahead = prefetch > 0 ? prefetch : (int) Math.min(Integer.MAX_VALUE, 2L * Math.max(1, workers));
        Plan plan = new Plan(batchSize, shuffle, dropLast, seed, ahead);
        return new DataLoader(source(bad), bad, new LoaderThreads(workers), plan);
    }

    private BatchSource source(BadSamples bad) {
        if (objects != null) {
            return objects.apply(bad);
        }
        ImageDataset all = Objects.requireNonNull(images);
        int channels = all.format().channels();
        PixelScale scale = mean == null || std == null ? PixelScale.unit(channels) : PixelScale.normalized(mean, std);
        ImageDataset read = cacheBytes == 0 ? all : new CachedImages(all, cacheBytes);
        return new ImageBatches(read, scale, transform, seed, bad);
    }

    private ImageDataset checkImages(String setting) {
        if (images == null) {
            throw new IllegalStateException(
                    setting + ": is for datasets of images. Change other samples in the dataset, with map.");
        }
        return images;
    }

    private static void checkPerChannel(String what, double[] values, int channels) {
        if (values.length != channels) {
            throw new IllegalArgumentException("normalize: expected one " + what + " for each of " + channels
                    + " channels, got " + Arrays.toString(values));
        }
        if (!Arrays.stream(values).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "normalize: expected finite numbers for " + what + ", got " + Arrays.toString(values));
        }
    }

    static int atLeast(String setting, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(setting + ": expected at least " + least + ", got " + value);
        }
        return value;
    }
}
