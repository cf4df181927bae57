package io.miniai.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Takes the pixels out of images as bytes {@code [C, H, W]}.
 *
 * <p>Transparency is dropped. Colour becomes grey by the ITU-R 601 luma (0.299 R + 0.587 G + 0.114 B), grey
 * becomes colour by repetition, 16 bits a sample become 8 by the upper byte. Grey and RGB samples are taken as they
 * stand, without colour management; images of other kinds are asked for their sRGB colours.
 */
public final class ImagePixels {
    private ImagePixels() {}

    /**
     * Copies the pixels of an image.
     *
     * @param image an image of the format's height and width
     * @param format its channels may differ from the image's
     * @param into receives the pixels
     * @param offset where the first of them goes
     */
    public static void copy(BufferedImage image, ImageFormat format, byte[] into, int offset) {
        if (image.getColorModel() instanceof IndexColorModel palette) {
            copyPalette(image.getRaster(), palette, format, into, offset);
        } else if (isPlain(image)) {
            copySamples(image.getRaster(), format, into, offset);
        } else {
            copyColours(image, format, into, offset);
        }
    }

    /** Samples that are grey, or red, green and blue, of 8 or 16 bits. */
    private static boolean isPlain(BufferedImage image) {
        ColorModel colours = image.getColorModel();
        int kind = colours.getColorSpace().getType();
        int type = image.getRaster().getTransferType();
        int bits = image.getSampleModel().getSampleSize(0);
        return (kind == ColorSpace.TYPE_GRAY || kind == ColorSpace.TYPE_RGB)
                && type != DataBuffer.TYPE_FLOAT
                && type != DataBuffer.TYPE_DOUBLE
                && !(colours.hasAlpha() && colours.isAlphaPremultiplied())
                && (bits == 8 || bits == 16);
    }

    private static void copyColours(BufferedImage image, ImageFormat format, byte[] into, int to) {
        for (int y = 0, i = to; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++, i++) {
                int rgb = image.getRGB(x, y);
                put(rgb >>> 16 & 0xff, rgb >>> 8 & 0xff, rgb & 0xff, format, into, i);
            }
        }
    }

    /** Row by row: an image of 16 bits would take twice as much again as it has. */
    private static void copySamples(Raster raster, ImageFormat format, byte[] into, int offset) {
        int bands = raster.getNumBands();
        int width = raster.getWidth();
        int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
        int green = bands < 3 ? 0 : 1;
        int blue = bands < 3 ? 0 : 2;
        int[] row = new int[width * bands];
        for (int y = 0, i = offset; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int s = 0; s < row.length; s += bands, i++) {
                put(
                        row[s] >>> shift & 0xff,
                        row[s + green] >>> shift & 0xff,
                        row[s + blue] >>> shift & 0xff,
                        format,
                        into,
                        i);
            }
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

    static void put(int red, int green, int blue, ImageFormat format, byte[] into, int at) {
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
