package io.miniai.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.data.image.ImageFormat;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Expected values are worked out by hand from the weights: 1 − distance ÷ max(1, scale). */
class BilinearResizeTest {
    private static int[] resized(int channels, int h, int w, int toH, int toW, int... pixels) {
        byte[] source = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            source[i] = (byte) pixels[i];
        }
        byte[] into = new byte[2 + channels * toH * toW];
        BilinearResize.apply(source, new ImageFormat(channels, h, w), into, new ImageFormat(channels, toH, toW), 2);
        int[] result = new int[into.length - 2];
        for (int i = 0; i < result.length; i++) {
            result[i] = into[i + 2] & 0xff;
        }
        return result;
    }

    @Test
    void keeps_an_image_of_the_same_size() {
        assertThat(resized(1, 2, 3, 2, 3, 0, 50, 255, 7, 200, 1)).containsExactly(0, 50, 255, 7, 200, 1);
    }

    @Test
    void goes_straight_from_pixel_to_pixel_where_an_image_grows() {
        assertThat(resized(1, 1, 2, 1, 4, 0, 100)).containsExactly(0, 25, 75, 100);
        assertThat(resized(1, 2, 1, 4, 1, 0, 100)).containsExactly(0, 25, 75, 100);
    }

    @Test
    void takes_every_pixel_into_account_where_an_image_shrinks() {
        // Inside: weights 1 3 3 1 of 8; at the edges 3 3 1 of 7.
        assertThat(resized(1, 1, 6, 1, 3, 0, 0, 80, 0, 0, 70))
                .containsExactly(Math.round(80 / 7f), 30, Math.round(70 * 3 / 7f));
        assertThat(resized(1, 1, 8, 1, 1, 255, 255, 255, 255, 255, 255, 255, 255))
                .containsExactly(255);
    }

    @Test
    void keeps_what_is_even_and_the_channels_apart() {
        int[] pixels = new int[3 * 35];
        Arrays.fill(pixels, 0, 35, 255);
        Arrays.fill(pixels, 35, 70, 128);
        int[] result = resized(3, 5, 7, 3, 11, pixels);
        assertThat(Arrays.copyOf(result, 33)).containsOnly(255);
        assertThat(Arrays.copyOfRange(result, 33, 66)).containsOnly(128);
        assertThat(Arrays.copyOfRange(result, 66, 99)).containsOnly(0);
    }
}
