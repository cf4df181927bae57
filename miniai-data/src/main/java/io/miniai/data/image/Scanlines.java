package io.miniai.data.image;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes the PNG images that {@link #canRead} names: unpacks the scanlines and undoes their filters (PNG
 * specification, chapter 9). Not thread-safe.
 */
final class Scanlines implements AutoCloseable {
    /** Memory for the rows of larger images is not kept: the next may be small. */
    private static final int MOST_KEPT = 4 << 20;

    private final Inflater inflater = new Inflater();
    private byte[] rows = new byte[0];

    /** Whether rows come one after the other, with 8 bits a sample that mean brightness. */
    static boolean canRead(PngHeader header) {
        return header.bitDepth() == 8
                && header.colourType() != 3
                && !header.interlaced()
                && header.unpackedBytes() < Integer.MAX_VALUE - 8; // an array's length
    }

    /**
     * Decodes a file whose structure was checked by {@link PngHeader#read}.
     *
     * @throws DataFormatException when it does not unpack to all rows, or a row has an unknown filter
     */
    void read(byte[] png, int length, PngHeader header, ImageFormat format, byte[] into, int offset)
            throws DataFormatException {
        try {
            decode(png, length, header, format, into, offset);
        } finally {
            if (rows.length > MOST_KEPT) {
                rows = new byte[0];
            }
        }
    }

    private void decode(byte[] png, int length, PngHeader header, ImageFormat format, byte[] into, int offset)
            throws DataFormatException {
        int pixel = header.samples();
        int rowBytes = header.width() * pixel;
        unpack(png, length, header.height() * (1 + rowBytes));
        for (int y = 0; y < header.height(); y++) {
            int row = y * (1 + rowBytes) + 1;
            unfilter(row, rowBytes, pixel, y == 0);
            copy(row, header, format, into, offset + y * header.width());
        }
    }

    /** Fills the rows. One byte more is asked for, so that the inflater comes to the checksum behind the last. */
    private void unpack(byte[] png, int length, int size) throws DataFormatException {
        if (rows.length <= size) {
            rows = new byte[size + 1];
        }
        inflater.reset();
        ByteBuffer chunks = ByteBuffer.wrap(png, 0, length);
        int filled = 0;
        int type = 0;
        // What comes behind the end is anything, and was not checked.
        for (int at = Long.BYTES; type != PngHeader.IEND && filled <= size && !inflater.finished(); ) {
            int bytes = chunks.getInt(at);
            type = chunks.getInt(at + 4);
            if (type == PngHeader.IDAT) {
                inflater.setInput(png, at + 8, bytes);
                int n;
                do {
                    n = inflater.inflate(rows, filled, size + 1 - filled);
                    filled += n;
                } while (n > 0);
            }
            at += bytes + PngHeader.CHUNK_FRAME;
        }
        if (filled < size) {
            throw new DataFormatException("Expected " + size + " bytes of scanlines; got " + filled + ".");
        }
    }

    /** Adds to every byte of a row what its filter says: the byte a pixel to the left, the one above, or a mix. */
    private void unfilter(int row, int n, int pixel, boolean first) throws DataFormatException {
        byte[] b = rows;
        int above = row - n - 1;
        switch (b[row - 1]) {
            case 0 -> {}
            case 1 -> {
                for (int i = pixel; i < n; i++) {
                    b[row + i] = (byte) (b[row + i] + b[row + i - pixel]);
                }
            }
            case 2 -> {
                for (int i = 0; i < n && !first; i++) {
                    b[row + i] = (byte) (b[row + i] + b[above + i]);
                }
            }
            case 3 -> {
                for (int i = 0; i < n; i++) {
                    int left = i < pixel ? 0 : b[row + i - pixel] & 0xff;
                    int up = first ? 0 : b[above + i] & 0xff;
                    b[row + i] = (byte) (b[row + i] + ((left + up) >> 1));
                }
            }
            case 4 -> {
                for (int i = 0; i < n; i++) {
                    int left = i < pixel ? 0 : b[row + i - pixel] & 0xff;
                    int up = first ? 0 : b[above + i] & 0xff;
                    int corner = first || i < pixel ? 0 : b[above + i - pixel] & 0xff;
                    b[row + i] = (byte) (b[row + i] + paeth(left, up, corner));
                }
            }
            default -> throw new DataFormatException("Expected a filter from 0 to 4; got " + b[row - 1] + ".");
        }
    }

    /** Whichever of the three is nearest to left + up − corner. */
    private static int paeth(int left, int up, int corner) {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private void copy(int row, PngHeader header, ImageFormat format, byte[] into, int to) {
        int pixel = header.samples();
        if (pixel == 1 && format.channels() == 1) {
            System.arraycopy(rows, row, into, to, header.width());
            return;
        }
        int green = pixel < 3 ? 0 : 1;
        int blue = pixel < 3 ? 0 : 2;
        for (int x = 0, s = row; x < header.width(); x++, s += pixel) {
            ImagePixels.put(rows[s] & 0xff, rows[s + green] & 0xff, rows[s + blue] & 0xff, format, into, to + x);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
