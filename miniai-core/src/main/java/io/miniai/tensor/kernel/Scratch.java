package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * What one thread needs while it computes: Java arrays, whose loops the JIT vectorises (it does not for
 * native memory), and native tiles for BLAS. They grow to the largest use and stay.
 */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);
    private static final int HEAP_TILES = 4;
    private static final int INT_TILES = 5;
    private static final int NATIVE_TILES = 3;

    /** In floats: half of the distance after which a first-level cache uses the same lines again. */
    private static final int PERIOD = 512;

    /** In floats. */
    private static final int APART = 128;

    private final float[][] heap = new float[HEAP_TILES][0];
    private final int[][] ints = new int[INT_TILES][0];
    private float[][] rows = {};
    private double[] doubles = {};
    private byte[] bytes = {};
    private final @Nullable Tile[] tiles = new Tile[NATIVE_TILES];

    final Cursor a = new Cursor();
    final Cursor b = new Cursor();
    final Cursor c = new Cursor();

    static Scratch get() {
        return OF_THREAD.get();
    }

    /** Java array number {@code i} with room for at least {@code length} floats; content undefined. */
    float[] floats(int i, int length) {
        if (heap[i].length < length) {
            heap[i] = new float[length];
        }
        return heap[i];
    }

    /**
     * At least {@code count} Java arrays with room for at least {@code length} floats, not those of {@link #floats};
     * content undefined, but 0 where nobody ever wrote.
     */
    float[][] rows(int count, int length) {
        int longest = rows.length == 0 ? 0 : rows[0].length;
        if (rows.length < count || longest < length) {
            rows = new float[Math.max(rows.length, count)][spaced(Math.max(longest, length))];
        }
        return rows;
    }

    /**
     * The least distance of rows of this many floats that are read side by side. At a distance near a multiple of 2
     * KiB the same place of every second row falls on the same few lines of the cache, which is 1.3 to 2 times slower.
     */
    static int spaced(int length) {
        int beyond = length % PERIOD;
        if (length < PERIOD || (beyond >= APART && beyond <= PERIOD - APART)) {
            return length;
        }
        return (length + PERIOD - APART - 1) / PERIOD * PERIOD + APART;
    }

    double[] doubles(int length) {
        if (doubles.length < length) {
            doubles = new double[length];
        }
        return doubles;
    }

    byte[] bytes(int length) {
        if (bytes.length < length) {
            bytes = new byte[length];
        }
        return bytes;
    }

    int[] ints(int i, int length) {
        if (ints[i].length < length) {
            ints[i] = new int[length];
        }
        return ints[i];
    }

    /** Native tile number {@code i} with room for at least {@code length} floats; content undefined. */
    Tile tile(int i, int length) {
        Tile t = tiles[i];
        if (t == null || t.length < length) {
            t = new Tile(length);
            tiles[i] = t;
        }
        return t;
    }

    /** Native floats of one thread. */
    static final class Tile {
        final FloatPointer memory;
        final FloatBuffer floats;
        final IntBuffer ints;
        final long address;
        final int length;

        Tile(int length) {
            this.length = length;
            memory = new FloatPointer((long) length + Block.LINE / Float.BYTES);
            address = Block.roundUp(memory.address());
            memory.position((address - memory.address()) / Float.BYTES);
            var bytes = memory.asByteBuffer();
            floats = bytes.asFloatBuffer();
            ints = bytes.asIntBuffer();
        }
    }

    /** A pointer that is moved instead of made anew for every BLAS call. */
    static final class Cursor extends FloatPointer {
        Cursor() {
            super((Pointer) null);
        }

        Cursor at(long newAddress) {
            address = newAddress;
            return this;
        }
    }
}
