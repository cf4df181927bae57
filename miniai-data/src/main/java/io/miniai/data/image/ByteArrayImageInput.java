package io.miniai.data.image;

import javax.imageio.stream.ImageInputStreamImpl;

/**
 * Gives ImageIO the bytes where they are, one array after the other: its own stream copies them into fresh 8 KiB
 * blocks for every image, and has to be finalized.
 */
final class ByteArrayImageInput extends ImageInputStreamImpl {
    private byte[] bytes = new byte[0];
    private int length;

    /** Starts anew with other bytes. */
    void set(byte[] content, int count) {
        bytes = content;
        length = count;
        streamPos = 0;
        flushedPos = 0;
        bitOffset = 0;
    }

    @Override
    public int read() {
        bitOffset = 0;
        return streamPos < length ? bytes[(int) streamPos++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int count) {
        bitOffset = 0;
        if (streamPos >= length) {
            return -1;
        }
        int n = (int) Math.min(count, length - streamPos);
        System.arraycopy(bytes, (int) streamPos, into, offset, n);
        streamPos += n;
        return n;
    }

    @Override
    public long length() {
        return length;
    }
}
