package io.miniai.data.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * File names by number, one after the other in a byte array: a million of them take some 14 MB instead of 100.
 */
final class PackedNames {
    private byte[] bytes = new byte[256];
    private int[] ends = new int[16];
    private int size;

    void add(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        int start = start(size);
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, grown(size, size + 1));
        }
        int end = Math.addExact(start, utf8.length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, grown(bytes.length, end));
        }
        System.arraycopy(utf8, 0, bytes, start, utf8.length);
        ends[size++] = end;
    }

    static int grown(int length, int needed) {
        return (int) Math.max(needed, Math.min(Integer.MAX_VALUE - 8L, length + (length >> 1)));
    }

    int size() {
        return size;
    }

    String get(int i) {
        return new String(bytes, start(i), ends[i] - start(i), StandardCharsets.UTF_8);
    }

    private int start(int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    /** Gives back what growing took too much. */
    void trim() {
        bytes = Arrays.copyOf(bytes, start(size));
        ends = Arrays.copyOf(ends, size);
    }

    /** Natural order: runs of digits compare as numbers, everything else byte by byte, so 9.png precedes 10.png. */
    int compare(int a, int b) {
        int i = start(a);
        int j = start(b);
        int iEnd = ends[a];
        int jEnd = ends[b];
        while (i < iEnd && j < jEnd) {
            if (isDigit(bytes[i]) && isDigit(bytes[j])) {
                int iRun = skipZeros(i, iEnd);
                int jRun = skipZeros(j, jEnd);
                i = skipDigits(iRun, iEnd);
                j = skipDigits(jRun, jEnd);
                int longer = Integer.compare(i - iRun, j - jRun);
                int order = longer != 0 ? longer : Arrays.compare(bytes, iRun, i, bytes, jRun, j);
                if (order != 0) {
                    return order;
                }
            } else if (bytes[i] != bytes[j]) {
                return Byte.compareUnsigned(bytes[i], bytes[j]);
            } else {
                i++;
                j++;
            }
        }
        int rest = Integer.compare(iEnd - i, jEnd - j);
        return rest != 0 ? rest : Arrays.compareUnsigned(bytes, start(a), iEnd, bytes, start(b), jEnd); // 1.png, 01.png
    }

    private int skipZeros(int i, int end) {
        int at = i;
        while (at < end - 1 && bytes[at] == '0' && isDigit(bytes[at + 1])) {
            at++;
        }
        return at;
    }

    private int skipDigits(int i, int end) {
        int at = i;
        while (at < end && isDigit(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
