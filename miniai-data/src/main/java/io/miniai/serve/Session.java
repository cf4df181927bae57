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
    private final PngDecoder decoder;
    private final Limits limits;
    private byte[] bytes = new byte[0];
    private float[] values = new float[0];

    Session(Limits limits) {
        this.limits = limits;
        this.decoder = new PngDecoder(limits.maxPixels());
    }

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

    /** @param resize whether an image of another size is scaled, or refused */
    void image(BufferedImage image, String name, ImageFormat format, int offset, boolean resize) {
        load(
                name,
                format,
                offset,
                resize,
                image.getHeight(),
                image.getWidth(),
                (as, into, at) -> ImagePixels.copy(image, as, into, at));
    }

    /** @param resize whether an image of another size is scaled, or refused before it is decoded */
    void png(byte[] png, String name, ImageFormat format, int offset, boolean resize) {
        PngHeader header = PngHeader.read(png, png.length, name, limits.maxPixels());
        load(
                name,
                format,
                offset,
                resize,
                header.height(),
                header.width(),
                (as, into, at) -> decoder.decode(png, png.length, name, as, into, at));
    }

    private interface Pixels {
        void copy(ImageFormat as, byte[] into, int at);
    }

    private void load(
            String name, ImageFormat format, int offset, boolean resize, int height, int width, Pixels source) {
        if (height == format.height() && width == format.width()) {
            source.copy(format, bytes, offset);
            return;
        }
        if (!resize) {
            throw new IllegalArgumentException(("%s: expected %d×%d pixels, which the model takes; got %d×%d."
                            + " Resize it, or let the predictor do so: predictor.resizing().")
                    .formatted(name, format.height(), format.width(), height, width));
        }
        ImageFormat whole = new ImageFormat(format.channels(), height, width);
        byte[] original = new byte[whole.bytes()]; // not kept: the next may be small
        source.copy(whole, original, 0);
        BilinearResize.apply(original, whole, bytes, format, offset);
    }
}
