package io.miniai.data.image;

import io.miniai.data.fault.Faults;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * Decodes PNG images into bytes {@code [C, H, W]}, by the JDK's reader.
 *
 * <p>Transparency is dropped. Colour becomes grey by the ITU-R 601 luma (0.299 R + 0.587 G + 0.114 B), grey
 * becomes colour by repetition, 16 bits a sample become 8 by the upper byte. Samples are taken as they stand,
 * without colour management, so that the pixel a file holds is the pixel a network sees.
 *
 * <p>Not thread-safe: one for each thread.
 */
public final class PngDecoder {
    private final ImageReader reader =
            ImageIO.getImageReadersByFormatName("png").next();
    private final ByteArrayImageInput input = new ByteArrayImageInput();
    private final long maxPixels;
    private byte[] samples = new byte[0];

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
        BufferedImage image = read(png, length, file);
        if (image.getColorModel() instanceof IndexColorModel palette) {
            copyPalette(image.getRaster(), palette, format, into, offset);
        } else {
            copySamples(image.getRaster(), format, into, offset);
        }
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

    private void copySamples(Raster raster, ImageFormat format, byte[] into, int offset) {
        int bands = raster.getNumBands();
        int pixels = raster.getWidth() * raster.getHeight();
        if (raster.getTransferType() == DataBuffer.TYPE_BYTE) {
            if (samples.length != pixels * bands) {
                samples = new byte[pixels * bands];
            }
            raster.getDataElements(0, 0, raster.getWidth(), raster.getHeight(), samples);
        } else {
            int[] wide = raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
            samples = new byte[wide.length];
            for (int i = 0; i < wide.length; i++) {
                samples[i] = (byte) (wide[i] >>> 8);
            }
        }
        if (bands == 1 && format.channels() == 1) {
            System.arraycopy(samples, 0, into, offset, pixels);
            return;
        }
        int green = bands < 3 ? 0 : 1;
        int blue = bands < 3 ? 0 : 2;
        for (int i = 0, s = 0; i < pixels; i++, s += bands) {
            put(samples[s] & 0xff, samples[s + green] & 0xff, samples[s + blue] & 0xff, format, into, offset + i);
        }
    }

    private static void copyPalette(Raster raster, IndexColorModel palette, ImageFormat format, byte[] into, int to) {
        for (int y = 0, i = to; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++, i++) {
                int rgb = palette.getRGB(raster.getSample(x, y, 0));
                put(rgb >>> 16 & 0xff, rgb >>> 8 & 0xff, rgb & 0xff, format, into, i);
            }
        }
    }

    private static void put(int red, int green, int blue, ImageFormat format, byte[] into, int at) {
        if (format.channels() == 1) {
            into[at] = (byte) luma(red, green, blue);
        } else {
            int plane = format.height() * format.width();
            into[at] = (byte) red;
            into[at + plane] = (byte) green;
            into[at + 2 * plane] = (byte) blue;
        }
    }

    /** The weights of ITU-R 601 in 16 bits, rounded: what Python's imaging library computes too; grey stays as it is. */
    private static int luma(int red, int green, int blue) {
        return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    }
}
