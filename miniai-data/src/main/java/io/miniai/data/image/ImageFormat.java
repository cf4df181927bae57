package io.miniai.data.image;

/**
 * The size of every image of a dataset; pixels are bytes in the order {@code [C, H, W]}.
 *
 * @param channels 1 for grey, 3 for red, green and blue
 * @param height rows
 * @param width columns
 */
public record ImageFormat(int channels, int height, int width) {
    /** Checks the numbers. */
    public ImageFormat {
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("channels: expected 1 (grey) or 3 (colour), got " + channels);
        }
        if (height < 1 || width < 1 || (long) channels * height * width > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("image size: expected 1 to 2^31 pixels, got " + height + "×" + width);
        }
    }

    /**
     * Returns how many bytes one image takes, one a pixel and channel.
     *
     * @return channels × height × width
     */
    public int bytes() {
        return channels * height * width;
    }

    @Override
    public String toString() {
        return height + "×" + width + (channels == 1 ? " grey" : " colour");
    }
}
