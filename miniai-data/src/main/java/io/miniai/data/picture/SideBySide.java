package io.miniai.data.picture;

import io.miniai.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Pictures next to each other, such as originals and what an autoencoder makes of them.
 *
 * <pre>{@code
 * SideBySide.of(originals, reconstructions).save(Path.of("out/autoencoder.png"));
 * }</pre>
 */
public final class SideBySide implements Picture {
    private final List<Picture> pictures;

    private SideBySide(List<Picture> pictures) {
        this.pictures = pictures;
    }

    /**
     * Puts originals to the left and their reconstructions to the right, image by image in the same place.
     *
     * @param originals {@code [N, C, H, W]}, 0 is black, 1 white
     * @param reconstructions as many
     */
    public static SideBySide of(Tensor originals, Tensor reconstructions) {
        if (!originals.shape().equals(reconstructions.shape())) {
            throw new IllegalArgumentException("reconstructions: expected " + originals.shape()
                    + " like the originals, got " + reconstructions.shape());
        }
        return of(
                ImageGrid.of(originals).heading("Original"),
                ImageGrid.of(reconstructions).heading("Reconstruction"));
    }

    /** Puts any pictures, at least one, in a row. */
    public static SideBySide of(Picture... pictures) {
        if (pictures.length == 0) {
            throw new IllegalArgumentException("pictures: expected at least 1, got 0");
        }
        return new SideBySide(List.of(pictures));
    }

    @Override
    public BufferedImage image() {
        List<BufferedImage> drawn = pictures.stream().map(Picture::image).toList();
        int width = drawn.stream().mapToInt(BufferedImage::getWidth).sum();
        int height = drawn.stream().mapToInt(BufferedImage::getHeight).max().orElse(0);
        try (Canvas canvas = new Canvas(width / Canvas.DENSITY, height / Canvas.DENSITY)) {
            int x = 0;
            for (BufferedImage image : drawn) {
                canvas.draw(image, x, 0);
                x += image.getWidth() / Canvas.DENSITY;
            }
            return canvas.image();
        }
    }
}
