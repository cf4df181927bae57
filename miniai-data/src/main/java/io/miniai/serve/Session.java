package io.miniai.serve;

import io.miniai.data.image.ImageFormat;
import io.miniai.data.image.ImagePixels;
import io.miniai.data.image.PngDecoder;
import io.miniai.data.image.PngHeader;
import io.miniai.data.store.Limits;
import io.miniai.tensor.Workspace;
import java.awt.image.BufferedImage;

/** What one call needs while it runs; kept for the next, so that a call makes nothing of any size. */
final class Session {
    final Workspace workspace = new Workspace();
    private final PngDecoder decoder = new PngDecoder(Limits.DEFAULT.maxPixels());
    private final ImagePixels pixels = new ImagePixels();
    private byte[] bytes = new byte[0];
    private float[] values = new float[0];

    /** Room for exactly this many values. */
    float[] values(int length) {
        if (values.length != length) {
            values = new float[length];
        }
        return values;
    }

    /** Room for at least this many bytes. */
    byte[] bytes(int length) {
        if (bytes.length < length) {
            bytes = new byte[length];
        }
        return bytes;
    }

    void image(BufferedImage image, String name, ImageFormat format, int offset) {
        check(name, format, image.getHeight(), image.getWidth());
        pixels.copy(image, format, bytes, offset);
    }

    void png(byte[] png, String name, ImageFormat format, int offset) {
        PngHeader header = PngHeader.read(png, png.length, name, Limits.DEFAULT.maxPixels());
        check(name, format, header.height(), header.width());
        decoder.decode(png, png.length, name, format, bytes, offset);
    }

    private static void check(String name, ImageFormat format, int height, int width) {
        if (height != format.height() || width != format.width()) {
            throw new IllegalArgumentException("%s: expected %d×%d pixels, which the model takes; got %d×%d. Resize it."
                    .formatted(name, format.height(), format.width(), height, width));
        }
    }
}
