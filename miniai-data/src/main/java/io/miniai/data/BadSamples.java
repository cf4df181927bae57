package io.miniai.data;

import io.miniai.data.fault.DataException;
import io.miniai.data.fault.Faults;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to samples that cannot be read: the first one is an error, or a bounded number is skipped and reported. */
final class BadSamples {
    private static final Logger LOG = LoggerFactory.getLogger(DataLoader.class);

    private final int allowed;
    private final ConcurrentSkipListMap<Integer, SkippedSample> skipped = new ConcurrentSkipListMap<>();

    BadSamples(int allowed) {
        this.allowed = allowed;
    }

    boolean maySkip() {
        return allowed > 0;
    }

    /**
     * Takes note of a sample that is skipped.
     *
     * @throws DataException if no more may be
     */
    void add(int index, String name, Exception cause) {
        if (Thread.currentThread().isInterrupted()) { // reading was broken off: that says nothing about the sample
            throw cause instanceof RuntimeException e ? e : Faults.badSample(index, name, cause);
        }
        SkippedSample sample = new SkippedSample(index, name, String.valueOf(cause.getMessage()));
        synchronized (skipped) {
            if (skipped.containsKey(index)) {
                return; // again, in a later epoch
            }
            if (skipped.size() == allowed) {
                throw allowed == 0
                        ? Faults.badSample(index, name, cause)
                        : Faults.tooManyBadSamples(allowed, index, name, cause);
            }
            skipped.put(index, sample);
        }
        LOG.warn("Skipped sample {}: {}", index, sample.reason());
    }

    List<SkippedSample> list() {
        return List.copyOf(skipped.values());
    }
}
