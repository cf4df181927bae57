package io.miniai.tensor;

import io.miniai.tensor.kernel.MemoryPool;

/**
 * Native memory at this moment, in bytes: lent to tensors, the most ever lent, waiting for reuse; and how
 * many blocks were allocated from the system and how many times one was used again.
 */
public record MemoryStats(long inUse, long peak, long waiting, long allocations, long reuses) {

    /** The state of the process now. */
    public static MemoryStats now() {
        long[] s = MemoryPool.statistics();
        return new MemoryStats(s[0], s[1], s[2], s[3], s[4]);
    }

    /**
     * Bounds the bytes that tensors may use at once; going beyond throws IllegalStateException. There is no bound otherwise.
     * The system property {@code miniai.memory.limit} does the same, in bytes or as {@code 512m} or {@code 2g}.
     *
     * @throws IllegalArgumentException when it is below 1
     */
    public static void limit(long bytes) {
        MemoryPool.limit(bytes);
    }

    /** Gives what waits for reuse back to the operating system. */
    public static void trim() {
        MemoryPool.trim();
    }
}
