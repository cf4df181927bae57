package io.miniai.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** The bytes of a header and no more, read as they are needed: a long header is never in memory as a whole. */
final class HeaderBytes extends InputStream {
    private final ReadableByteChannel channel;
    private final Runnable tooShort;
    private int left;

    /** @param tooShort throws; called when the channel ends before the header does */
    HeaderBytes(ReadableByteChannel channel, int length, Runnable tooShort) {
        this.channel = channel;
        this.left = length;
        this.tooShort = tooShort;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int n = channel.read(ByteBuffer.wrap(bytes, from, Math.min(length, left)));
        if (n < 0) {
            tooShort.run();
        }
        left -= Math.max(0, n);
        return n;
    }
}
