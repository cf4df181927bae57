package io.miniai.file;

import java.util.List;
import java.util.Map;

/**
 * What a safetensors file says of its content, checked.
 *
 * @param entries the tensors in the order of their bytes, which follow each other without gaps
 * @param metadata free text by key, in the file's order
 */
record Header(List<Entry> entries, Map<String, String> metadata) {
    /**
     * More than any model of this library needs, though less than the reference implementation's 100 MB: it bounds what
     * a file of nothing but names and text can cost, which is up to nine bytes for each of its own.
     */
    static final long MOST_BYTES = 16 << 20;

    /** Of tensors, and of texts: more than any model of this library has. Bounds what a header of tiny ones costs. */
    static final int MOST_ENTRIES = 10_000;

    static final String METADATA = "__metadata__";
    static final int LENGTH_BYTES = Long.BYTES;

    /** One tensor: its bytes are those from one offset up to another, counted from the end of the header. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(String name, Format format, int[] shape, long from, long to) {
        int numel() {
            return (int) ((to - from) / format.bytes);
        }
    }
}
