package io.miniai.data;

import io.miniai.learn.Batch;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Samples of some kind, for making batches of: what a loader's threads fill, and what becomes tensors later. */
interface BatchSource {
    /** The number of samples. */
    int size();

    /** Whether samples that cannot be read are left out, so that a batch may be empty. */
    boolean maySkip();

    /** What the samples are, by name: for a checkpoint to compare. */
    Map<String, String> fingerprint();

    /** Makes a buffer for one batch, which is filled again and again. */
    Buffer newBuffer(int batchSize);

    /** One batch on its way: filled by a loader thread, collated by the thread that trains, never both at once. */
    interface Buffer {
        /**
         * Reads the samples of a batch.
         *
         * @param samples their numbers, at most a batch
         * @param epoch for random draws
         * @param stopped asked between two samples whether anybody still wants them
         */
        void fill(int[] samples, long epoch, BooleanSupplier stopped);

        /** Fills it if nothing has to be read for that. @return whether it did */
        default boolean fillFromMemory(int[] samples) {
            return false;
        }

        /** How many samples could be read. */
        int count();

        /** Makes the tensors, from at least one sample. */
        Batch collate();
    }
}
