package io.miniai.serve;

import io.miniai.data.image.ImageFormat;

/**
 * Scales images of bytes {@code [C, H, W]} to another height and width.
 *
 * <p>Each new pixel is a mean of the old ones around its place, with weights that fall linearly with the distance; where
 * an image shrinks, the weights reach as far as a new pixel is wide, so that no old pixel is left out. That is what
 * Python's imaging library and torchvision (with antialias) call bilinear. Height and width are scaled each by its own
 * factor. The JDK's own scaling looks at four pixels only, and changes the brightness of grey images.
 */
final class BilinearResize {
    private BilinearResize() {}

    /** Scales one image; both have the same number of channels. */
    static void apply(byte[] source, ImageFormat from, byte[] into, ImageFormat to, int offset) {
        Taps columns = Taps.of(from.width(), to.width());
        Taps rows = Taps.of(from.height(), to.height());
        float[] narrow = new float[from.height() * to.width()];
        for (int c = 0; c < from.channels(); c++) {
            int plane = c * from.height() * from.width();
            for (int y = 0; y < from.height(); y++) {
                for (int x = 0; x < to.width(); x++) {
                    float sum = 0;
                    for (int k = 0; k < columns.weights[x].length; k++) {
                        int value = source[plane + y * from.width() + columns.first[x] + k] & 0xff;
                        sum += columns.weights[x][k] * value;
                    }
                    narrow[y * to.width() + x] = sum;
                }
            }
            int at = offset + c * to.height() * to.width();
            for (int y = 0; y < to.height(); y++) {
                for (int x = 0; x < to.width(); x++) {
                    float sum = 0;
                    for (int k = 0; k < rows.weights[y].length; k++) {
                        sum += rows.weights[y][k] * narrow[(rows.first[y] + k) * to.width() + x];
                    }
                    into[at + y * to.width() + x] = (byte) Math.min(255, Math.round(sum));
                }
            }
        }
    }

    /** Which old pixels each new one is made of, and by how much. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Taps(int[] first, float[][] weights) {
        static Taps of(int from, int to) {
            double scale = (double) from / to;
            double reach = Math.max(1, scale);
            int[] first = new int[to];
            float[][] weights = new float[to][];
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * scale;
                first[i] = Math.max(0, (int) (centre - reach + 0.5));
                int last = Math.min(from, (int) (centre + reach + 0.5));
                double[] w = new double[last - first[i]];
                double sum = 0;
                for (int k = 0; k < w.length; k++) {
                    w[k] = Math.max(0, 1 - Math.abs(first[i] + k + 0.5 - centre) / reach);
                    sum += w[k];
                }
                weights[i] = new float[w.length];
                for (int k = 0; k < w.length; k++) {
                    weights[i][k] = (float) (w[k] / sum);
                }
            }
            return new Taps(first, weights);
        }
    }
}
