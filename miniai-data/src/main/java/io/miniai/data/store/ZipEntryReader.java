package io.miniai.data.store;

import io.miniai.data.fault.Faults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Reads entries of a zip; each reader has its own channel, so positions and interrupts of one thread are not another's. */
final class ZipEntryReader implements SampleFiles.Reader {
    /** Deflate makes at most 258 bytes of 2 bits: no memory is taken for an entry that claims more. */
    private static final long MOST_INFLATION = 1032;

    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_SIZE = 30;
    private static final int USUAL_HEADER = 256; // with name and extras: one read fetches header and bytes as a rule

    private final Path zip;
    private final FileList list;
    private final ZipEntries entries;
    private final SeekableByteChannel in;
    private final CRC32 crc = new CRC32();
    private @Nullable Inflater inflater; // most archives of PNG files need none
    private ByteBuffer raw = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] content = new byte[4096];

    ZipEntryReader(Path zip, FileList list, ZipEntries entries) {
        this.zip = zip;
        this.list = list;
        this.entries = entries;
        try {
            in = Files.newByteChannel(zip);
        } catch (IOException e) {
            throw Faults.unreadable(zip.toString(), e);
        }
    }

    @Override
    public int read(int file) {
        int entry = list.added(file);
        int size = entries.size(entry);
        int start = load(file, entry);
        if (entries.deflated(entry) && size > MOST_INFLATION * (entries.packed(entry) + 1L)) {
            throw Faults.corruptZip(
                    list.name(file),
                    "the entry says that it unpacks to " + size + " bytes, which its " + entries.packed(entry)
                            + " bytes cannot");
        }
        if (content.length < size) {
            content = new byte[size];
        }
        if (entries.deflated(entry)) {
            inflate(file, start, entries.packed(entry), size);
        } else {
            System.arraycopy(raw.array(), start, content, 0, size);
        }
        crc.reset();
        crc.update(content, 0, size);
        if ((int) crc.getValue() != entries.crc(entry)) {
            throw Faults.corruptZip(list.name(file), "the entry's checksum is wrong");
        }
        return size;
    }

    /** Loads an entry with its local header and returns where its bytes start. */
    private int load(int file, int entry) {
        int packed = entries.packed(entry);
        fill(file, entries.offset(entry), USUAL_HEADER + packed);
        if (raw.limit() < LOCAL_SIZE || raw.getInt(0) != LOCAL) {
            throw Faults.corruptZip(list.name(file), "the entry is not where the directory says");
        }
        int header = LOCAL_SIZE + (raw.getShort(26) & 0xffff) + (raw.getShort(28) & 0xffff);
        if (raw.limit() < header + packed) {
            fill(file, entries.offset(entry), header + packed);
        }
        if (raw.limit() < header + packed) {
            throw Faults.corruptZip(list.name(file), "the entry is cut short");
        }
        return header;
    }

    private void fill(int file, long position, int length) {
        if (raw.capacity() < length) {
            raw = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        }
        raw.clear().limit(length);
        try {
            in.position(position);
            while (raw.hasRemaining() && in.read(raw) >= 0) {
                // until all is there or the archive ends: the last entries are followed by less than asked for
            }
        } catch (IOException e) {
            throw Faults.unreadable(list.name(file), e);
        }
        raw.flip();
    }

    private void inflate(int file, int start, int packed, int size) {
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        inflater.reset();
        inflater.setInput(raw.array(), start, packed);
        try {
            for (int done = 0; done < size; ) {
                int more = inflater.inflate(content, done, size - done);
                if (more == 0) {
                    throw Faults.corruptZip(list.name(file), "the entry is cut short");
                }
                done += more;
            }
        } catch (DataFormatException e) {
            throw Faults.corruptZip(list.name(file), "the entry cannot be unpacked");
        }
    }

    @Override
    public byte[] buffer() {
        return content;
    }

    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
        }
        try {
            in.close();
        } catch (IOException e) {
            throw Faults.unreadable(zip.toString(), e);
        }
    }
}
