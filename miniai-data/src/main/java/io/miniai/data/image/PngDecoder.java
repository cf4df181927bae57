package io.miniai.data.image;

import io.miniai.data.fault.DataException;
import io.miniai.data.fault.Faults;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.zip.DataFormatException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.jspecify.annotations.Nullable;

/**
 * Decodes PNG images into bytes {@code [C, H, W]}: what datasets are made of, 8 bits a sample and row after row,
 * by {@link Scanlines}, which is several times as fast; palettes, other depths and interlaced files by the JDK's reader.
 *
 * <p>{@link ImagePixels} says what becomes of colours and transparency.
 *
 * <p>Not thread-safe: one for each thread.
 */
public final class PngDecoder implements AutoCloseable {
    private final Scanlines scanlines = new Scanlines();
    private @Nullable ImageReader reader;
    private final ByteArrayImageInput input = new ByteArrayImageInput();
    private final long maxPixels;

    /**
     * Makes a decoder.
     *
     * @param maxPixels the largest width × height accepted
     */
    public PngDecoder(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /**
     * Decodes one image.
     *
     * @param png the file's bytes
     * @param length how many of them belong to the file
     * @param file its name, for messages
     * @param format what the image must be; its channels may differ from the file's
     * @param into receives the pixels
     * @param offset where the first of them goes
     * @throws io.miniai.data.fault.DataException if the file is damaged, no PNG, or of another size
     */
    public void decode(byte[] png, int length, String file, ImageFormat format, byte[] into, int offset) {
        PngHeader header = PngHeader.read(png, length, file, maxPixels);
        if (header.height() != format.height() || header.width() != format.width()) {
            throw Faults.wrongSize(file, format.height(), format.width(), header.height(), header.width());
        }
        if (Scanlines.canRead(header)) {
            try {
                scanlines.read(png, length, header, format, into, offset);
            } catch (DataFormatException e) {
                throw undecodable(file, e);
            }
        } else {
            ImagePixels.copy(read(png, length, file), format, into, offset);
        }
    }

    private static DataException undecodable(String file, Exception cause) {
        return Faults.corruptPng(file, "its pixels cannot be decoded", cause);
    }

    /** Gives native memory back; may be left to the garbage collector. */
    @Override
    public void close() {
        scanlines.close();
    }

    private BufferedImage read(byte[] png, int length, String file) {
        ImageReader jdk = reader;
        if (jdk == null) {
            jdk = ImageIO.getImageReadersByFormatName("png").next();
            reader = jdk;
        }
        input.set(png, length);
        try {
            jdk.setInput(input, true, true);
            return jdk.read(0);
        } catch (IOException | RuntimeException e) { // the JDK's reader throws any of them at damaged pixels
            throw undecodable(file, e);
        } finally {
            jdk.reset();
        }
    }
}
