package io.miniai.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Encodes bytes {@code [C, H, W]} as PNG, compressed as far as it goes: 8-bit grey or RGB.
 *
 * <p>Not thread-safe: one for each thread.
 */
public final class PngEncoder {
    private final ImageWriter writer =
            ImageIO.getImageWritersByFormatName("png").next();
    private final ImageWriteParam smallest = writer.getDefaultWriteParam();
    private final ImageFormat format;
    private final BufferedImage image;
    private final int[] samples; // of one channel

    /**
     * Makes an encoder for images of one size.
     *
     * @param format the size of all of them
     */
    public PngEncoder(ImageFormat format) {
        this.format = format;
        samples = new int[format.height() * format.width()];
        int type = format.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
        image = new BufferedImage(format.width(), format.height(), type);
        smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        smallest.setCompressionQuality(0);
    }

    /**
     * Encodes one image.
     *
     * @param pixels holds the image
     * @param offset where it starts
     * @return the file's bytes
     */
    public byte[] encode(byte[] pixels, int offset) {
        for (int channel = 0; channel < format.channels(); channel++) {
            for (int i = 0; i < samples.length; i++) {
                samples[i] = pixels[offset + channel * samples.length + i] & 0xff;
            }
            image.getRaster().setSamples(0, 0, format.width(), format.height(), channel, samples);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), smallest);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing here leaves memory
        }
        return out.toByteArray();
    }
}
