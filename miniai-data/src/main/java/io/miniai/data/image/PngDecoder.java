package io.miniai.data.image;

import io.miniai.data.fault.Faults;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * Decodes PNG images into bytes {@code [C, H, W]}, by the JDK's reader.
 *
 * <p>{@link ImagePixels} says what becomes of colours and transparency.
 *
 * <p>Not thread-safe: one for each thread.
 */
public final class PngDecoder {
    private final ImageReader reader =
            ImageIO.getImageReadersByFormatName("png").next();
    private final ByteArrayImageInput input = new ByteArrayImageInput();
    private final long maxPixels;
    private final ImagePixels pixels = new ImagePixels();

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
        pixels.copy(read(png, length, file), format, into, offset);
    }

    private BufferedImage read(byte[] png, int length, String file) {
        input.set(png, length);
        try {
            reader.setInput(input, true, true);
            return reader.read(0);
        } catch (IOException | RuntimeException e) { // the JDK's reader throws any of them at damaged pixels
            throw Faults.corruptPng(file, "its pixels cannot be decoded", e);
        } finally {
            reader.reset();
        }
    }
}
