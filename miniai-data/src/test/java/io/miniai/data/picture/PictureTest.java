package io.miniai.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.fault.DataException;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import io.miniai.testing.SmallDisk;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
    private static final int CYAN = 0x00ffff;
    private static final int PIXEL = 2 * 3 * 2 * 3; // of an image drawn at scale 3, in pixels of the picture

    @TempDir
    Path dir;

    /** Images of one colour that neither text nor frames have. */
    private static Tensor cyan(int count, int height, int width) {
        return Tensor.concat(1, Tensor.zeros(count, 1, height, width), Tensor.ones(count, 2, height, width));
    }

    private static int count(BufferedImage image, int rgb) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xffffff) == rgb ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean has(BufferedImage image, Color color) {
        return count(image, color.getRGB() & 0xffffff) > 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 10, 16, 17})
    void grid_shows_every_image_also_where_the_last_row_is_short(int images) {
        for (int columns : new int[] {1, 3, 4, 100}) {
            BufferedImage grid =
                    ImageGrid.of(cyan(images, 4, 5)).columns(columns).scale(3).image();
            assertThat(count(grid, CYAN)).isEqualTo(images * 4 * 5 * PIXEL);
        }
        BufferedImage square = ImageGrid.of(cyan(images, 4, 5))
                .scale(3)
                .titles(i -> "title " + i)
                .heading("all")
                .image();
        assertThat(count(square, CYAN)).isEqualTo(images * 4 * 5 * PIXEL);
    }

    @Test
    void grid_keeps_pixels_as_hard_squares() {
        Tensor image = Tensor.of(new float[] {0, 1, 1, 0}, 2, 2);
        BufferedImage grid = ImageGrid.of(image).scale(10).image();
        int blacks = count(grid, 0);
        assertThat(blacks).isEqualTo(2 * 20 * 20);
        for (int y = 0; y < grid.getHeight(); y++) {
            for (int x = 0; x < grid.getWidth(); x++) {
                int rgb = grid.getRGB(x, y) & 0xffffff;
                assertThat(rgb == 0 || rgb == 0xffffff || rgb == (Canvas.LINE.getRGB() & 0xffffff))
                        .isTrue();
            }
        }
    }

    @Test
    void grid_clips_to_black_and_white_or_stretches_on_request() {
        Tensor image = Tensor.of(new float[] {-3, 5, 1, 1}, 1, 2, 2);
        BufferedImage clipped = ImageGrid.of(image).scale(3).image();
        assertThat(count(clipped, 0)).isEqualTo(PIXEL);
        BufferedImage stretched = ImageGrid.of(image).scale(3).stretch().image();
        assertThat(count(stretched, 0)).isEqualTo(PIXEL);
        assertThat(count(stretched, 0x808080)).isEqualTo(2 * PIXEL);
    }

    @Test
    void grid_colours_predictions_and_names_the_true_class_only_where_it_differs() {
        List<String> names = List.of("cat", "dog");
        Tensor zero = Tensor.of(new long[] {0}, 1);
        Tensor one = Tensor.of(new long[] {1}, 1);
        BufferedImage right =
                ImageGrid.of(cyan(1, 28, 28)).predictions(one, one, names).image();
        BufferedImage wrong =
                ImageGrid.of(cyan(1, 28, 28)).predictions(zero, one, names).image();
        assertThat(has(right, Canvas.RIGHT)).isTrue();
        assertThat(has(right, Canvas.WRONG)).isFalse();
        assertThat(has(right, Canvas.FAINT)).isFalse();
        assertThat(has(wrong, Canvas.WRONG)).isTrue();
        assertThat(has(wrong, Canvas.RIGHT)).isFalse();
        assertThat(has(wrong, Canvas.FAINT)).isTrue();
    }

    @Test
    void grid_shortens_a_title_that_is_wider_than_its_image() {
        BufferedImage image = ImageGrid.of(cyan(2, 4, 4))
                .scale(8)
                .titles(i -> "a title of many, many words " + i)
                .image();
        assertThat(image.getWidth())
                .isEqualTo(ImageGrid.of(cyan(2, 4, 4)).scale(8).image().getWidth());
    }

    @Test
    void grid_refuses_what_is_no_image() {
        assertThatThrownBy(() -> ImageGrid.of(Tensor.zeros(2, 4, 5, 5)).image())
                .hasMessage("images: expected [N, C, H, W] with C = 1 or 3, [N, H, W] or [H, W], got [2, 4, 5, 5]."
                        + " Show channels side by side with reshape(-1, H, W).");
        assertThatThrownBy(() -> ImageGrid.of(Tensor.zeros(5)).image()).hasMessageContaining("got [5].");
        assertThatThrownBy(() -> ImageGrid.of(Tensor.zeros(2, 2, 2)).columns(0))
                .hasMessage("columns: expected at least 1, got 0");
        assertThatThrownBy(() -> ImageGrid.of(Tensor.zeros(2, 2, 2)).scale(0))
                .hasMessage("scale: expected at least 1, got 0");
        assertThatThrownBy(() -> ImageGrid.of(Tensor.zeros(2, 2, 2))
                        .predictions(Tensor.of(new long[1], 1), Tensor.of(new long[2], 2), List.of("a")))
                .hasMessage("predictions: expected one label for each of 2 images, got [1] and [2]");
    }

    @Test
    void side_by_side_shows_originals_and_reconstructions() {
        BufferedImage both =
                SideBySide.of(cyan(5, 4, 4), Tensor.zeros(5, 3, 4, 4)).image();
        int side = 84 / 4 * 4 * 2;
        assertThat(count(both, CYAN)).isEqualTo(5 * side * side);
        assertThat(count(both, 0)).isEqualTo(5 * side * side);
        assertThatThrownBy(() -> SideBySide.of(cyan(5, 4, 4), cyan(4, 4, 4)))
                .hasMessage("reconstructions: expected [5, 3, 4, 4] like the originals, got [4, 3, 4, 4]");
        assertThatThrownBy(SideBySide::of).hasMessage("pictures: expected at least 1, got 0");
    }

    @Test
    void heat_map_shades_from_white_to_black() {
        BufferedImage map = HeatMap.of(Tensor.of(new float[] {0, 1, 2}, 1, 3)).image();
        assertThat(count(map, 0)).isGreaterThan(500);
        assertThat(count(map, 0x808080)).isGreaterThan(500);
    }

    @Test
    void heat_map_shows_negative_numbers_blue_positive_red_and_no_numbers_magenta() {
        BufferedImage map = HeatMap.of(Tensor.of(new float[] {-2, 2, 0, Float.NaN}, 2, 2))
                .decimals(0)
                .heading("kernel")
                .image();
        assertThat(count(map, 0x2166ac)).isGreaterThan(500);
        assertThat(count(map, 0xb2182b)).isGreaterThan(500);
        assertThat(count(map, 0xff00ff)).isGreaterThan(500);
    }

    @Test
    void heat_map_refuses_what_is_no_table() {
        assertThatThrownBy(() -> HeatMap.of(Tensor.zeros(3)))
                .hasMessage("table: expected [rows, columns] with at least 1 each, got [3]");
        assertThatThrownBy(() -> HeatMap.of(Tensor.zeros(2, 2)).decimals(10))
                .hasMessage("decimals: expected 0 to 9, got 10");
    }

    @Test
    void saves_a_PNG_file_and_makes_its_folder() throws IOException {
        ImageGrid grid = ImageGrid.of(cyan(3, 4, 5)).scale(3);
        Path file = dir.resolve("out").resolve("grid.png");
        assertThat(grid.save(file)).isEqualTo(file);
        assertThat(grid.save(file)).exists();
        BufferedImage read = ImageIO.read(file.toFile());
        assertThat(count(read, CYAN)).isEqualTo(3 * 4 * 5 * PIXEL);
    }

    @Test
    void says_that_a_picture_cannot_be_written() throws IOException {
        Path taken = Files.writeString(dir.resolve("taken"), "a file");
        assertThatThrownBy(() -> HeatMap.of(Tensor.zeros(2, 2)).save(taken.resolve("map.png")))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(taken.resolve("map.png") + ": cannot be written: ");
    }

    @Test
    void an_old_picture_stays_when_there_is_no_room_for_the_new_one() throws IOException {
        try (SmallDisk disk = new SmallDisk(40_000, 1)) {
            Path file = disk.folder().resolve("grid.png");
            ImageGrid.of(Tensor.zeros(4, 4, 4)).save(file);
            byte[] before = Files.readAllBytes(file);
            ImageGrid large = ImageGrid.of(Tensor.rand(Rng.of(1), 400, 28, 28));
            assertThatThrownBy(() -> large.save(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageEndingWith(" Check free space and permissions; nothing half-written is left.");
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
            try (Stream<Path> left = Files.list(disk.folder())) {
                assertThat(left.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("ballast", "grid.png");
            }
        }
    }

    @Test
    void is_saved_by_an_interrupted_thread_too() throws IOException {
        Path file = dir.resolve("grid.png");
        Thread.currentThread().interrupt();
        try {
            ImageGrid.of(Tensor.zeros(4, 4, 4)).save(file);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(ImageIO.read(file.toFile())).isNotNull();
    }
}
