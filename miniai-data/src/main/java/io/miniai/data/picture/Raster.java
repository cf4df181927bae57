package io.miniai.data.picture;

import io.miniai.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Tensors as images with one pixel for each number, or one for each three in colour. */
final class Raster {
    private Raster() {}

    /**
     * Cuts a tensor into images.
     *
     * @param t {@code [N, C, H, W]} with 1 or 3 channels, {@code [N, H, W]} or {@code [H, W]}
     * @param stretch whether each image's smallest number is black and its largest white; 0 and 1 are otherwise
     */
    static List<BufferedImage> of(Tensor t, boolean stretch) {
        int rank = t.rank();
        int channels = rank == 4 ? t.size(1) : 1;
        if (rank < 2 || rank > 4 || (channels != 1 && channels != 3)) {
            throw new IllegalArgumentException(
                    "images: expected [N, C, H, W] with C = 1 or 3, [N, H, W] or [H, W], got " + t.shape()
                            + (rank == 4 ? ". Show channels side by side with reshape(-1, H, W)." : "."));
        }
        int count = rank == 2 ? 1 : t.size(0);
        int height = t.size(rank - 2);
        int width = t.size(rank - 1);
        float[] values = t.toFloatArray();
        List<BufferedImage> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            images.add(image(values, i * channels * height * width, channels, height, width, stretch));
        }
        return images;
    }

    private static BufferedImage image(float[] v, int from, int channels, int height, int width, boolean stretch) {
        int plane = height * width;
        float low = 0;
        float high = 1;
        if (stretch) {
            low = Float.POSITIVE_INFINITY;
            high = Float.NEGATIVE_INFINITY;
            for (int i = from; i < from + channels * plane; i++) {
                if (Float.isFinite(v[i])) {
                    low = Math.min(low, v[i]);
                    high = Math.max(high, v[i]);
                }
            }
        }
        float span = high > low ? high - low : 1;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int step = channels == 1 ? 0 : plane;
        for (int i = 0; i < plane; i++) {
            int red = level(v[from + i], low, span);
            int green = level(v[from + i + step], low, span);
            int blue = level(v[from + i + 2 * step], low, span);
            image.setRGB(i % width, i / width, red << 16 | green << 8 | blue);
        }
        return image;
    }

    private static int level(float value, float low, float span) {
        return Math.max(0, Math.min(255, Math.round((value - low) / span * 255))); // NaN becomes 0
    }
}
