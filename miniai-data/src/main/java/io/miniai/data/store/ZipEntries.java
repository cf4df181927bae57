package io.miniai.data.store;

import java.util.Arrays;

/** Where the bytes of listed zip entries are, in the order of listing; 21 bytes an entry. */
final class ZipEntries {
    private long[] offset = new long[16];
    private int[] packed = new int[16];
    private int[] size = new int[16];
    private int[] crc = new int[16];
    private boolean[] deflated = new boolean[16];

    void set(int at, ZipDirectory.Entry entry) {
        if (at == offset.length) {
            resize(PackedNames.grown(at, at + 1));
        }
        offset[at] = entry.offset();
        packed[at] = (int) entry.packed();
        size[at] = (int) entry.size();
        crc[at] = entry.crc();
        deflated[at] = entry.deflated();
    }

    void resize(int length) {
        offset = Arrays.copyOf(offset, length);
        packed = Arrays.copyOf(packed, length);
        size = Arrays.copyOf(size, length);
        crc = Arrays.copyOf(crc, length);
        deflated = Arrays.copyOf(deflated, length);
    }

    /** The position of the local header. */
    long offset(int at) {
        return offset[at];
    }

    int packed(int at) {
        return packed[at];
    }

    int size(int at) {
        return size[at];
    }

    int crc(int at) {
        return crc[at];
    }

    boolean deflated(int at) {
        return deflated[at];
    }
}
