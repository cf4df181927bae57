package io.miniai.data.idx;

import io.miniai.data.fault.Faults;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What an IDX file holds: a magic number {@code 0 0 type rank}, the dimensions as big-endian 32-bit numbers, the
 * data. Format: Y. LeCun, <em>The MNIST database</em>.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IdxData(int[] dims, byte[] bytes) {
    private static final int UNSIGNED_BYTE = 8;

    int dim(int i) {
        return dims[i];
    }

    static IdxData read(Path file, int rank) {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            raw.mark(2);
            boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return read(gzip ? new GZIPInputStream(raw, 1 << 16) : raw, file.toString(), rank);
        } catch (ZipException | EOFException e) {
            throw Faults.damagedGzip(file.toString(), e); // nothing else throws them
        } catch (IOException e) {
            throw Faults.unreadable(file.toString(), e);
        }
    }

    private static IdxData read(InputStream in, String file, int rank) throws IOException {
        byte[] header = in.readNBytes(4 + 4 * rank);
        int magic = UNSIGNED_BYTE << 8 | rank;
        if (header.length < 4 || ByteBuffer.wrap(header).getInt() != magic) {
            String got = header.length == 0
                    ? "an empty file"
                    : "bytes " + hex(Arrays.copyOf(header, Math.min(4, header.length)));
            throw Faults.badIdx(
                    file, "bytes " + hex(ByteBuffer.allocate(4).putInt(magic).array()), got);
        }
        if (header.length < 4 + 4 * rank) {
            throw Faults.badIdx(file, (4 + 4 * rank) + " bytes", header.length + " bytes");
        }
        int[] dims = new int[rank];
        long size = 1;
        for (int i = 0; i < rank; i++) {
            dims[i] = ByteBuffer.wrap(header).getInt(4 + 4 * i);
            size = dims[i] < 1 || size > Integer.MAX_VALUE ? Long.MAX_VALUE : size * dims[i];
        }
        if (size > Integer.MAX_VALUE - 8) {
            throw Faults.badIdx(file, "dimensions of at least 1 and less than 2 GiB in all", Arrays.toString(dims));
        }
        // Grows with what is really there: a header's word is no reason to take two gigabytes.
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw Faults.idxLength(file, size, String.valueOf(bytes.length));
        }
        if (in.read() >= 0) {
            throw Faults.idxLength(file, size, "more");
        }
        return new IdxData(dims, bytes);
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append(String.format(java.util.Locale.ROOT, text.isEmpty() ? "%02x" : " %02x", b));
        }
        return text.toString();
    }
}
