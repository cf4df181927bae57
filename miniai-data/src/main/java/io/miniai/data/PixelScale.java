package io.miniai.data;

import io.miniai.data.image.ImageFormat;
import io.miniai.tensor.Tensor;

/** How bytes become floats: a table of 256 values for each channel, so that normalising costs nothing more. */
public final class PixelScale {
    private final float[][] table;

    private PixelScale(float[][] table) {
        this.table = table;
    }

    /** To 0..1. */
    static PixelScale unit(int channels) {
        return normalized(new double[channels], ones(channels));
    }

    /** To (value in 0..1 − mean) ÷ standard deviation, each by channel. */
    public static PixelScale normalized(double[] mean, double[] std) {
        float[][] table = new float[mean.length][256];
        for (int c = 0; c < table.length; c++) {
            for (int v = 0; v < 256; v++) {
                table[c][v] = (float) ((v / 255.0 - mean[c]) / std[c]);
            }
        }
        return new PixelScale(table);
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    /** What black and white become, by channel. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        for (float[] channel : table) {
            s.append(s.length() == 0 ? "" : ", ")
                    .append(channel[0])
                    .append("..")
                    .append(channel[255]);
        }
        return s.toString();
    }

    /** Images {@code [C, H, W]} as one tensor {@code [N, C, H, W]}; nobody may change them. */
    Tensor tensor(byte[][] images, ImageFormat format) {
        return tensor(images, new int[images.length], format);
    }

    /** The same for images that begin somewhere in their arrays. */
    Tensor tensor(byte[][] arrays, int[] starts, ImageFormat format) {
        return Tensor.ofPixels(arrays, starts, table, format.height(), format.width());
    }

    /** Converts the first images of arrays that may be longer, {@code [N, C, H, W]}; {@code plane} is height × width. */
    public void toFloats(byte[] pixels, float[] values, int images, int plane) {
        for (int i = 0, at = 0; i < images; i++) {
            for (float[] channel : table) {
                for (int end = at + plane; at < end; at++) {
                    values[at] = channel[pixels[at] & 0xff];
                }
            }
        }
    }
}
