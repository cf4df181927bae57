package io.miniai.data.store;

import io.miniai.data.fault.Faults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the directory at the end of a zip archive, entry by entry, and believes nothing in it.
 *
 * <p>The JDK's {@code ZipFile} reads under one lock, so that its throughput does not grow with the number of
 * threads, and libraries that do better keep an object of some 300 bytes for each entry; reading a directory of
 * a million entries wants neither.
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int END_64_LOCATOR = 0x07064b50;
    private static final int END_64_LOCATOR_SIZE = 20;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_SIZE = 56;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_SIZE = 46;
    private static final int MAX_16 = 0xffff;
    private static final long MAX_32 = 0xffffffffL;
    private static final int WINDOW = 1 << 20; // more than the longest entry: 46 + 3 × 65535

    /**
     * One entry, as the directory describes it.
     *
     * @param name path with slashes
     * @param offset where its local header starts
     * @param packed bytes in the archive
     * @param size bytes unpacked
     * @param crc checksum of the unpacked bytes
     * @param deflated whether they are compressed
     */
    record Entry(String name, long offset, long packed, long size, int crc, boolean deflated) {}

    @FunctionalInterface
    interface Visitor {
        void visit(Entry entry);
    }

    private final SeekableByteChannel in;
    private final String file;
    private final Limits limits;
    private final ByteBuffer window;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private long directory;
    private long directoryEnd;
    private long entries;

    private ZipDirectory(SeekableByteChannel in, String file, Limits limits) throws IOException {
        this.in = in;
        this.file = file;
        this.limits = limits;
        window = ByteBuffer.allocate((int) Math.min(WINDOW, in.size())).order(ByteOrder.LITTLE_ENDIAN);
    }

    static void read(SeekableByteChannel in, String file, Limits limits, Visitor visitor) throws IOException {
        ZipDirectory zip = new ZipDirectory(in, file, limits);
        zip.findEnd();
        zip.readEntries(visitor);
    }

    private void findEnd() throws IOException {
        long length = in.size();
        int tail = (int) Math.min(length, END_SIZE + MAX_16);
        load(length - tail, tail);
        int at = tail - END_SIZE;
        while (at >= 0 && !(window.getInt(at) == END && at + END_SIZE + u16(at + 20) == tail)) {
            at--;
        }
        if (at < 0) {
            throw Faults.notZip(file);
        }
        long end = length - tail + at;
        entries = u16(at + 10);
        long size = u32(at + 12);
        long offset = u32(at + 16);
        directoryEnd = end;
        if ((entries == MAX_16 || size == MAX_32 || offset == MAX_32) && end >= END_64_LOCATOR_SIZE + END_64_SIZE) {
            load(end - END_64_LOCATOR_SIZE, END_64_LOCATOR_SIZE);
            long end64 = window.getLong(8);
            if (window.getInt(0) == END_64_LOCATOR) {
                if (end64 < 0 || end64 > end - END_64_LOCATOR_SIZE - END_64_SIZE) {
                    throw Faults.corruptZip(file, "its directory is not where it says");
                }
                load(end64, END_64_SIZE);
                if (window.getInt(0) != END_64) {
                    throw Faults.corruptZip(file, "its directory is not where it says");
                }
                entries = window.getLong(32);
                size = window.getLong(40);
                offset = window.getLong(48);
                directoryEnd = end64;
            }
        }
        if (size < 0 || offset < 0 || offset != directoryEnd - size || entries < 0 || entries > size / ENTRY_SIZE) {
            throw Faults.corruptZip(file, "its directory is not where it says");
        }
        if (entries > limits.maxFiles()) {
            throw Faults.tooManyFiles(file, limits.maxFiles());
        }
        directory = offset;
    }

    private void readEntries(Visitor visitor) throws IOException {
        long at = directory;
        long packed = 0;
        long unpacked = 0;
        long windowStart = at;
        load(at, 0);
        for (long i = 0; i < entries; i++) {
            if (at + ENTRY_SIZE + 3L * MAX_16 > windowStart + window.limit()
                    && windowStart + window.limit() < directoryEnd) {
                windowStart = at;
                load(at, (int) Math.min(WINDOW, directoryEnd - at));
            }
            int p = (int) (at - windowStart);
            if (directoryEnd - at < ENTRY_SIZE || window.getInt(p) != ENTRY) {
                throw Faults.corruptZip(file, "entry " + i + " of its directory is broken");
            }
            int length = ENTRY_SIZE + u16(p + 28) + u16(p + 30) + u16(p + 32);
            if (length > directoryEnd - at) {
                throw Faults.corruptZip(file, "entry " + i + " of its directory is broken");
            }
            Entry entry = entry(p, i);
            packed += entry.packed;
            if (packed > directory) {
                throw Faults.corruptZip(file, "its entries overlap");
            }
            if (entry.size > limits.maxTotalBytes() - unpacked) {
                throw Faults.zipTooLarge(file, limits.maxTotalBytes());
            }
            unpacked += entry.size;
            visitor.visit(entry);
            at += length;
        }
    }

    private Entry entry(int p, long number) {
        int flags = u16(p + 8);
        int method = u16(p + 10);
        long packed = u32(p + 20);
        long size = u32(p + 24);
        int nameLength = u16(p + 28);
        long offset = u32(p + 42);
        String name = name(p + ENTRY_SIZE, nameLength, number);
        if (packed == MAX_32 || size == MAX_32 || offset == MAX_32) {
            int extra = zip64(p + ENTRY_SIZE + nameLength, u16(p + 30));
            int end = extra < 0 ? 0 : extra + u16(extra - 2);
            for (int field = 0; field < 3; field++) {
                if ((field == 0 ? size : field == 1 ? packed : offset) != MAX_32) {
                    continue;
                }
                if (extra < 0 || extra + 8 > end) {
                    throw Faults.corruptZip(file, "entry " + number + " of its directory is broken");
                }
                long value = window.getLong(extra);
                extra += 8;
                size = field == 0 ? value : size;
                packed = field == 1 ? value : packed;
                offset = field == 2 ? value : offset;
            }
        }
        if (size < 0 || packed < 0 || packed > directory || offset < 0 || offset > directory - 30 - packed) {
            throw Faults.corruptZip(file, "the entry '" + name + "' lies outside of it");
        }
        if ((flags & 1) != 0) {
            throw Faults.unsupportedZipEntry(file, name, "encrypted");
        }
        if (method != 0 && method != 8) {
            throw Faults.unsupportedZipEntry(file, name, "compressed by method " + method);
        }
        if (method == 0 && packed != size) {
            throw Faults.corruptZip(file, "the entry '" + name + "' has two sizes");
        }
        return new Entry(name, offset, packed, size, window.getInt(p + 16), method == 8);
    }

    /** Never with a replacement for what is not UTF-8: different names could become one. */
    private String name(int at, int length, long number) {
        try {
            return utf8.decode(ByteBuffer.wrap(window.array(), at, length)).toString();
        } catch (CharacterCodingException e) {
            throw Faults.badZipName(file, number, e);
        }
    }

    /** Where the 64-bit numbers of an entry start, or -1. */
    private int zip64(int extra, int length) {
        int at = extra;
        int end = extra + length;
        while (at + 4 <= end) {
            int size = u16(at + 2);
            if (at + 4 + size > end) {
                return -1;
            }
            if (u16(at) == 1) {
                return at + 4;
            }
            at += 4 + size;
        }
        return -1;
    }

    private void load(long position, int length) throws IOException {
        window.clear().limit(length);
        in.position(position);
        while (window.hasRemaining()) {
            if (in.read(window) < 0) {
                throw Faults.corruptZip(file, "it shrinks while being read");
            }
        }
        window.flip();
    }

    private int u16(int at) {
        return window.getShort(at) & MAX_16;
    }

    private long u32(int at) {
        return window.getInt(at) & MAX_32;
    }
}
