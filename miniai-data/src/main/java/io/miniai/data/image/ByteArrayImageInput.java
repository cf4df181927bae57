package io.miniai.data.image;

import javax.imageio.stream.ImageInputStreamImpl;

/** Gives ImageIO the bytes where they are: its own stream copies them into fresh 8 KiB blocks for every image. */
final class ByteArrayImageInput extends ImageInputStreamImpl {
    private final byte[] bytes;
    private final int length;

    ByteArrayImageInput(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
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
