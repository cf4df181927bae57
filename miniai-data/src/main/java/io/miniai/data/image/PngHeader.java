package io.miniai.data.image;

import io.miniai.data.fault.Faults;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * What a PNG file says of itself.
 *
 * <p>{@link #read} walks all chunks and checks their lengths and checksums, so that a file cut short or
 * damaged is found before the decoder sees it, and a huge one before memory is taken for it.
 *
 * @param width columns
 * @param height rows
 * @param bitDepth bits a sample: 1, 2, 4, 8 or 16
 * @param colourType 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 * @param interlaced whether the rows are not simply one after the other
 */
public record PngHeader(int width, int height, int bitDepth, int colourType, boolean interlaced) {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int IHDR = 0x49484452;
    static final int IDAT = 0x49444154;
    static final int IEND = 0x49454E44;
    /** Deflate makes at most 258 bytes of 2 bits. */
    private static final long MOST_INFLATION = 1032;

    static final int CHUNK_FRAME = 12; // length, type and checksum around the data

    /**
     * Reads the header and checks the structure of the whole file.
     *
     * @param png the file's bytes
     * @param length how many of them belong to the file
     * @param file its name, for messages
     * @param maxPixels the largest width × height accepted
     * @return the header
     * @throws io.miniai.data.fault.DataException if it is no PNG file, cut short, damaged or too large
     */
    public static PngHeader read(byte[] png, int length, String file, long maxPixels) {
        if (length == 0) {
            throw Faults.emptyFile(file);
        }
        ByteBuffer in = ByteBuffer.wrap(png, 0, length);
        if (length < 8 || in.getLong() != SIGNATURE) {
            throw Faults.notPng(file, png, length);
        }
        PngHeader header = null;
        long packed = 0;
        CRC32 crc = new CRC32();
        for (int type = 0; type != IEND; ) {
            if (in.remaining() < CHUNK_FRAME) {
                throw Faults.truncatedPng(file, length);
            }
            int start = in.position();
            int size = in.getInt();
            type = in.getInt();
            if (size < 0 || size > in.remaining() - 4) {
                throw Faults.truncatedPng(file, length);
            }
            in.position(start + 8 + size);
            crc.reset();
            crc.update(png, start + 4, size + 4);
            if (in.getInt() != (int) crc.getValue()) {
                throw Faults.corruptPng(file, "the checksum of its part at byte " + start + " is wrong", null);
            }
            if (header == null) {
                header = parse(in, start, size, type, file, maxPixels);
            }
            packed += type == IDAT ? size : 0;
        }
        if (header == null || packed == 0) {
            throw Faults.corruptPng(file, "it holds no pixels", null);
        }
        if (header.unpackedBytes() > MOST_INFLATION * (packed + 1)) {
            String claim = packed + " bytes cannot hold " + header.height + "×" + header.width + " pixels";
            throw Faults.corruptPng(file, claim, null);
        }
        return header;
    }

    private static PngHeader parse(ByteBuffer in, int start, int size, int type, String file, long maxPixels) {
        if (type != IHDR || size != 13) {
            throw Faults.corruptPng(file, "its header is missing", null);
        }
        PngHeader header = new PngHeader(
                in.getInt(start + 8),
                in.getInt(start + 12),
                in.get(start + 16),
                in.get(start + 17),
                in.get(start + 20) != 0);
        if (header.width < 1 || header.height < 1 || !header.legalDepth()) {
            throw Faults.corruptPng(file, "its header says " + header, null);
        }
        if ((long) header.width * header.height > maxPixels) {
            throw Faults.hugePng(file, header.height, header.width, maxPixels);
        }
        return header;
    }

    /** Of the scanlines, which a decoder takes memory for. */
    long unpackedBytes() {
        return height * (1 + ((long) width * samples() * bitDepth + 7) / 8);
    }

    /** Samples a pixel. */
    int samples() {
        return colourType == 2 ? 3 : colourType == 4 ? 2 : colourType == 6 ? 4 : 1;
    }

    private boolean legalDepth() {
        return switch (colourType) {
            case 0 -> bitDepth == 1 || bitDepth == 2 || bitDepth == 4 || bitDepth == 8 || bitDepth == 16;
            case 2, 4, 6 -> bitDepth == 8 || bitDepth == 16;
            case 3 -> bitDepth == 1 || bitDepth == 2 || bitDepth == 4 || bitDepth == 8;
            default -> false;
        };
    }

    /**
     * Returns the channels that hold the image without its transparency.
     *
     * @return 1 for grey, 3 for RGB and palette
     */
    public int channels() {
        return colourType == 0 || colourType == 4 ? 1 : 3;
    }
}
