package io.miniai.tensor.kernel;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Native memory, lent out in blocks and taken back: a block in use again costs nothing, a fresh one
 * costs a page fault for every 4 KiB.
 *
 * <p>Thread-safe. Sizes are rounded up to four classes per power of two, so that at most a quarter is
 * wasted and the next step finds what this one gave back.
 */
public final class MemoryPool {
    private static final long MIN_LENGTH = 64;
    private static final long FIRST_COLLECTION_AT = 512L << 20;

    private static final int LAST_COLLECTIONS = 3;

    /** Shelves for each power of two: sizes of one to eight steps. */
    private static final int STEPS = 9;

    /** The right to memory that ends when its holder is found unreachable. */
    private static final class Lease extends PhantomReference<Object> {
        private final List<? extends @Nullable Block> blocks;

        Lease(Object holder, List<? extends @Nullable Block> blocks) {
            super(holder, UNREACHABLE);
            this.blocks = blocks;
        }
    }

    private static final ReferenceQueue<Object> UNREACHABLE = new ReferenceQueue<>();
    private static final Set<Lease> LEASES = new HashSet<>();

    /** What is free, by type and size: found without making a key, since every array of every step looks here. */
    private static final Map<DataType, @Nullable ArrayDeque<Block>[]> FREE = new EnumMap<>(DataType.class);

    private static long limit = Settings.memoryLimit();
    private static long collectAt = FIRST_COLLECTION_AT;
    private static long lent;
    private static long peak;
    private static long free;
    private static long allocations;
    private static long reuses;

    private MemoryPool() {}

    static synchronized Block take(DataType type, long length) {
        collectUnreachable();
        long size = roundUp(length);
        ArrayDeque<Block> shelf = shelf(type, size);
        Block block = takeFree(shelf);
        if (block == null) {
            if (size > (Integer.MAX_VALUE - Block.LINE) / type.width()) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Expected less than 1.75 GiB for one tensor; got %,d values of %d bytes. Fix: several smaller ones, such as"
                                + " smaller batches.",
                        length,
                        type.width()));
            }
            long bytes = size * type.width();
            makeRoom(bytes);
            block = takeFree(shelf);
            if (block == null) {
                block = allocate(type, size);
                allocations++;
            }
        }
        lent += block.bytes();
        peak = Math.max(peak, lent);
        return block;
    }

    /** When the system has no more, once again with what nobody uses given back to it. */
    private static Block allocate(DataType type, long size) {
        Backend.current();
        try {
            return Block.allocate(type, size);
        } catch (RuntimeException | OutOfMemoryError first) {
            collect();
            trim();
            try {
                return Block.allocate(type, size);
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new IllegalStateException(
                        String.format(
                                Locale.ROOT,
                                "The system has no more native memory. Expected: %,d bytes; got: none, with %,d in use."
                                        + " Fix: a smaller batch, let go of tensors that are kept, or more memory.",
                                size * type.width(),
                                lent),
                        e);
            }
        }
    }

    private static @Nullable Block takeFree(ArrayDeque<Block> shelf) {
        Block block = shelf.pollLast();
        if (block != null) {
            free -= block.bytes();
            reuses++;
        }
        return block;
    }

    static synchronized void giveBack(Block block) {
        shelf(block.type(), block.capacity()).addLast(block);
        lent -= block.bytes();
        free += block.bytes();
    }

    /** The free blocks of a size that {@link #roundUp} gives. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ArrayDeque<Block> shelf(DataType type, long size) {
        @Nullable ArrayDeque<Block>[] shelves = FREE.get(type);
        if (shelves == null) {
            shelves = new ArrayDeque[Long.SIZE * STEPS];
            FREE.put(type, shelves);
        }
        int power = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
        int i = power * STEPS + (int) (size / step(size));
        ArrayDeque<Block> shelf = shelves[i];
        if (shelf == null) {
            shelf = new ArrayDeque<>();
            shelves[i] = shelf;
        }
        return shelf;
    }

    /** Gives back what is in the list by the time that nobody holds the holder any more; the list must not hold it. */
    static synchronized void giveBackWhenUnreachable(Object holder, List<? extends @Nullable Block> blocks) {
        LEASES.add(new Lease(holder, blocks));
    }

    private static void collectUnreachable() {
        for (var r = UNREACHABLE.poll(); r != null; r = UNREACHABLE.poll()) {
            end(r);
        }
    }

    private static void end(Reference<?> r) {
        if (r instanceof Lease lease && LEASES.remove(lease)) {
            for (Block b : lease.blocks) {
                if (b != null) {
                    giveBack(b);
                }
            }
        }
    }

    /** Before the process grows: asks the garbage collector for what nobody holds, then frees what is too much. */
    private static void makeRoom(long bytes) {
        if (lent + free + bytes > Math.min(collectAt, limit)) {
            collect();
            collectAt = Math.max(FIRST_COLLECTION_AT, 2 * (lent + bytes));
            if (lent + free + bytes > Math.min(collectAt, limit)) {
                trim();
            }
        }
        for (int i = 0; lent + bytes > limit && i < LAST_COLLECTIONS; i++) {
            collect();
        }
        if (lent + bytes > limit) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "Native memory is at its limit. Expected: at most %,d bytes (miniai.memory.limit); got: %,d in use and %,d more"
                            + " asked for. Fix: a smaller batch, let go of tensors that are kept, or raise the limit.",
                    limit,
                    lent,
                    bytes));
        }
    }

    /** The collector reports what it found a little later, from a thread of its own. */
    private static void collect() {
        System.gc();
        try {
            for (var r = UNREACHABLE.remove(50); r != null; r = UNREACHABLE.remove(5)) {
                end(r);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives all memory that is not lent back to the operating system. */
    public static synchronized void trim() {
        for (@Nullable ArrayDeque<Block>[] shelves : FREE.values()) {
            for (ArrayDeque<Block> shelf : shelves) {
                for (Block b = shelf == null ? null : shelf.pollLast(); b != null; b = shelf.pollLast()) {
                    free -= b.bytes();
                    b.buffer().close();
                }
            }
        }
    }

    /** Sets the most bytes that may be held at once, lent or waiting for reuse. */
    public static synchronized void limit(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("Expected a limit of at least 1 byte; got " + bytes + ".");
        }
        limit = bytes;
        if (lent + free > limit) {
            trim();
        }
    }

    /** Bytes lent, the most ever lent, bytes waiting for reuse, blocks allocated, blocks reused. */
    public static synchronized long[] statistics() {
        collectUnreachable();
        return new long[] {lent, peak, free, allocations, reuses};
    }

    private static long roundUp(long length) {
        if (length <= MIN_LENGTH) {
            return MIN_LENGTH;
        }
        long step = step(length);
        return (length + step - 1) / step * step;
    }

    private static long step(long length) {
        return Math.max(MIN_LENGTH, Long.highestOneBit(length - 1) / 4);
    }
}
