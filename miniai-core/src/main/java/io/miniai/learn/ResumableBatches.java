package io.miniai.learn;

import java.util.Iterator;
import java.util.Map;

/**
 * Batches that can be taken up again in the middle of a pass, by another process too: those of each pass depend on its
 * number and on what {@link #fingerprint} says, and on nothing else.
 */
public interface ResumableBatches extends Batches {
    /** The number that the next pass will have, from 0. */
    long nextEpoch();

    /** Gives the next pass this number. */
    void nextEpoch(long number);

    /** Begins the next pass after its first {@code done} batches. */
    Iterator<Batch> iteratorAfter(int done);

    /** What the batches depend on, by name; a checkpoint compares it and names what differs. */
    Map<String, String> fingerprint();
}
