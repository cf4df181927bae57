package io.miniai.data;

import io.miniai.learn.Batch;
import io.miniai.learn.ResumableBatches;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of a dataset, read ahead by several threads.
 *
 * <pre>{@code
 * try (var loader = DataLoader.of(fashion.train()).batchSize(256).workers(4).shuffle(true).build()) {
 *     for (Batch batch : loader) { … }
 * }
 * }</pre>
 *
 * <p>Every call of {@link #iterator()} is an epoch with an order of its own. Order and random draws depend on seed,
 * epoch and sample only, so the batches are the same for any number of workers. Loader threads read and
 * decode; the thread that iterates makes the tensors, and the whole batch where all its images are in memory already.
 * Their bytes become floats when the model reads them. Several iterations may run at once, each on its own thread.
 *
 * <p>Closing ends the threads and may be done twice; it is no error to stop an iteration early.
 */
public final class DataLoader implements ResumableBatches, AutoCloseable {
    private final BatchSource source;
    private final BadSamples bad;
    private final LoaderThreads threads;
    private final Plan plan;
    private final AtomicLong epoch = new AtomicLong();
    private volatile @Nullable Map<String, String> fingerprint;

    /** What of the builder's settings matters once the loader is built. */
    record Plan(int batchSize, boolean shuffle, boolean dropLast, long seed, int prefetch) {}

    DataLoader(BatchSource source, BadSamples bad, LoaderThreads threads, Plan plan) {
        this.source = source;
        this.bad = bad;
        this.threads = threads;
        this.plan = plan;
    }

    /** Begins to describe a loader of images: x {@code [N, C, H, W]} in 0..1, y {@code [N]} labels. */
    public static DataLoaderBuilder of(ImageDataset images) {
        return new DataLoaderBuilder(images);
    }

    /** Begins to describe a loader of samples of any kind, which a function puts together. */
    public static <T> DataLoaderBuilder of(Dataset<T> samples, Collate<T> collate) {
        return new DataLoaderBuilder(samples.size(), bad -> new ObjectBatches<>(samples, collate, bad));
    }

    /** The number of batches of an epoch. */
    @Override
    public int size() {
        return SampleOrder.batches(source.size(), plan.batchSize, plan.dropLast);
    }

    /**
     * Begins the next epoch.
     *
     * @return its batches; {@link AutoCloseable} too, to drop at once what is read ahead
     * @throws IllegalStateException after closing
     */
    @Override
    public Iterator<Batch> iterator() {
        return iteratorAfter(0);
    }

    /** As {@link #iterator()}, without its first batches, which are not read. */
    @Override
    public Iterator<Batch> iteratorAfter(int done) {
        threads.checkOpen();
        long number = epoch.getAndIncrement();
        SampleOrder order = new SampleOrder(source.size(), plan, number);
        return new BatchIterator(source, order, number, threads, plan.prefetch, done);
    }

    /** Samples, settings that batches depend on, and a digest of labels and some images; not workers or cache. */
    @Override
    public Map<String, String> fingerprint() {
        Map<String, String> f = fingerprint;
        if (f == null) {
            f = new LinkedHashMap<>();
            f.put("samples", Integer.toString(source.size()));
            f.put("batch size", Integer.toString(plan.batchSize));
            f.put("shuffle", Boolean.toString(plan.shuffle));
            f.put("drop last", Boolean.toString(plan.dropLast));
            f.put("seed", Long.toString(plan.seed));
            f.putAll(source.fingerprint());
            f = Collections.unmodifiableMap(f);
            fingerprint = f;
        }
        return f;
    }

    /** The number of the epoch that the next iteration will be, from 0. */
    @Override
    public long nextEpoch() {
        return epoch.get();
    }

    /** Makes the next iteration the epoch of this number, for example to repeat one. */
    @Override
    public void nextEpoch(long number) {
        epoch.set(number);
    }

    /** The samples left out so far because they could not be read. */
    public List<SkippedSample> skipped() {
        return bad.list();
    }

    @Override
    public void close() {
        threads.close();
    }
}
