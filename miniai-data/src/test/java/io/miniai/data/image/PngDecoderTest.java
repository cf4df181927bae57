package io.miniai.data.image;

import static io.miniai.data.image.PngFiles.chunk;
import static io.miniai.data.image.PngFiles.header;
import static io.miniai.data.image.PngFiles.ofChunks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.miniai.data.fault.DataException;
import io.miniai.tensor.Rng;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngDecoderTest {
    private static final ImageFormat GREY = new ImageFormat(1, 2, 2);
    private static final ImageFormat COLOUR = new ImageFormat(3, 2, 2);

    private static int[] decode(byte[] png, ImageFormat format) {
        byte[] pixels = new byte[format.bytes() + 2];
        new PngDecoder(1 << 20).decode(png, png.length, "f.png", format, pixels, 1);
        assertThat(pixels[0]).isZero();
        assertThat(pixels[pixels.length - 1]).isZero();
        int[] result = new int[format.bytes()];
        Arrays.setAll(result, i -> pixels[i + 1] & 0xff);
        return result;
    }

    private static BufferedImage filled(int type, int... rgb) {
        BufferedImage image = new BufferedImage(2, 2, type);
        for (int i = 0; i < 4; i++) {
            image.setRGB(i % 2, i / 2, rgb[i]);
        }
        return image;
    }

    @Test
    void takes_grey_samples_as_they_stand() {
        assertThat(decode(PngFiles.grey(2, 2, 0, 1, 128, 255), GREY)).containsExactly(0, 1, 128, 255);
    }

    @Test
    void repeats_grey_in_three_planes_for_a_colour_dataset() {
        assertThat(decode(PngFiles.grey(2, 2, 1, 2, 3, 4), COLOUR)).containsExactly(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4);
    }

    @Test
    void drops_the_transparency_of_grey() {
        BufferedImage image = PngFiles.greyAlpha(2, 2, 10, 255, 20, 0, 30, 128, 40, 1);
        assertThat(decode(PngFiles.encode(image, false), GREY)).containsExactly(10, 20, 30, 40);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_INT_RGB})
    void puts_colour_into_planes(int type) {
        byte[] png = PngFiles.encode(filled(type, 0xff010203, 0xff040506, 0xff070809, 0xff0a0b0c), false);
        assertThat(decode(png, COLOUR)).containsExactly(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12);
    }

    @Test
    void drops_the_transparency_of_colour() {
        byte[] png = PngFiles.encode(
                filled(BufferedImage.TYPE_4BYTE_ABGR, 0x00ff0000, 0x80ff0000, 0xffff0000, 0x01ff0000), false);
        assertThat(decode(png, COLOUR)).containsExactly(255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void weighs_colours_by_luma_for_a_grey_dataset() {
        byte[] png = PngFiles.encode(
                filled(BufferedImage.TYPE_3BYTE_BGR, 0xffff0000, 0xff00ff00, 0xff0000ff, 0xff7b7b7b), false);
        assertThat(decode(png, GREY)).containsExactly(76, 150, 29, 123);
    }

    @Test
    void looks_colours_up_in_the_palette() {
        byte[] reds = {10, (byte) 200, 30};
        byte[] greens = {11, (byte) 201, 31};
        byte[] blues = {12, (byte) 202, 32};
        IndexColorModel palette = new IndexColorModel(8, 3, reds, greens, blues);
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_INDEXED, palette);
        image.getRaster().setPixels(0, 0, 2, 2, new int[] {0, 1, 2, 1});
        assertThat(decode(PngFiles.encode(image, false), COLOUR))
                .containsExactly(10, 200, 30, 200, 11, 201, 31, 201, 12, 202, 32, 202);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void spreads_few_bits_over_the_whole_range(int bits) throws IOException {
        int white = (1 << bits) - 1;
        int last = bits == 1 ? 1 : 1 << (bits - 1);
        byte[] rows = {0, (byte) (white << (8 - bits)), 0, (byte) (last << (8 - bits))};
        byte[] png = ofChunks(header(2, 2, bits, 0), chunk("IDAT", deflate(rows)), chunk("IEND"));
        assertThat(decode(png, GREY)).containsExactly(255, 0, last * 255 / white, 0);
    }

    @Test
    void keeps_the_upper_byte_of_16_bits() {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setPixels(0, 0, 2, 2, new int[] {0x0001, 0x01ff, 0x8000, 0xffff});
        assertThat(decode(PngFiles.encode(image, false), GREY)).containsExactly(0, 1, 128, 255);
    }

    @Test
    void reads_interlaced_files() {
        BufferedImage image = filled(BufferedImage.TYPE_3BYTE_BGR, 0xff010203, 0xff040506, 0xff070809, 0xff0a0b0c);
        assertThat(decode(PngFiles.encode(image, true), COLOUR)).containsExactly(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12);
    }

    @Test
    void reads_one_image_after_the_other() {
        PngDecoder decoder = new PngDecoder(1 << 20);
        byte[] pixels = new byte[4];
        byte[] bad = ofChunks(header(2, 2, 8, 0), chunk("IDAT", (byte) 1), chunk("IEND"));
        byte[] good = PngFiles.grey(2, 2, 5, 6, 7, 8);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> decoder.decode(bad, bad.length, "f", GREY, pixels, 0))
                    .isInstanceOf(DataException.class);
            decoder.decode(good, good.length, "f", GREY, pixels, 0);
            assertThat(pixels).containsExactly(5, 6, 7, 8);
        }
    }

    @Test
    void refuses_an_image_of_another_size() {
        assertThatThrownBy(() -> decode(PngFiles.grey(1, 2, 5, 6), GREY))
                .isInstanceOf(DataException.class)
                .hasMessage("f.png: expected 2×2 pixels like the dataset's first image, got 1×2. Resize or remove it.");
    }

    @Test
    void refuses_pixels_that_do_not_unpack_though_all_checksums_are_right() {
        byte[] png = ofChunks(header(2, 2, 8, 0), chunk("IDAT", (byte) 1, (byte) 2, (byte) 3), chunk("IEND"));
        assertThatThrownBy(() -> decode(png, GREY))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("f.png: the PNG image is damaged: its pixels cannot be decoded.");
    }

    @Test
    void looks_for_no_pixels_behind_the_end_of_a_file() throws IOException {
        byte[] tooFew = ofChunks(header(2, 2, 8, 0), chunk("IDAT", deflate(new byte[] {0, 1, 2})), chunk("IEND"));
        byte[] all = PngFiles.grey(2, 2, 5, 6, 7, 8);
        for (int more = 1; more < 20; more++) {
            byte[] png = Arrays.copyOf(tooFew, tooFew.length + more);
            assertThatThrownBy(() -> decode(png, GREY))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("its pixels cannot be decoded");
            assertThat(decode(Arrays.copyOf(all, all.length + more), GREY)).containsExactly(5, 6, 7, 8);
        }
    }

    @Test
    void refuses_too_few_pixels_though_all_checksums_are_right() throws IOException {
        byte[] png = ofChunks(header(2, 2, 8, 0), chunk("IDAT", deflate(new byte[] {0, 1, 2})), chunk("IEND"));
        assertThatThrownBy(() -> decode(png, GREY))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("its pixels cannot be decoded");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "2, 3", "4, 2", "6, 4"})
    void undoes_every_filter_as_the_reader_of_the_jdk_does(int colourType, int samples) throws IOException {
        Rng rng = Rng.of(colourType);
        int height = 11;
        int width = 7;
        byte[] rows = new byte[height * (1 + width * samples)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (byte) (i % (1 + width * samples) == 0 ? (i / (1 + width * samples) + 4) % 5 : rng.nextInt(256));
        }
        byte[] packed = deflate(rows);
        int cut = packed.length / 3;
        byte[] png = ofChunks(
                header(width, height, 8, colourType),
                chunk("IDAT", Arrays.copyOf(packed, cut)),
                chunk("IDAT"),
                chunk("IDAT", Arrays.copyOfRange(packed, cut, packed.length)),
                chunk("IEND"));
        BufferedImage expected = ImageIO.read(new ByteArrayInputStream(png));
        for (int channels : new int[] {1, 3}) {
            ImageFormat format = new ImageFormat(channels, height, width);
            byte[] theirs = new byte[format.bytes()];
            ImagePixels.copy(expected, format, theirs, 0);
            byte[] ours = new byte[format.bytes()];
            try (PngDecoder decoder = new PngDecoder(1 << 16)) {
                decoder.decode(png, png.length, "f.png", format, ours, 0);
            }
            assertThat(ours).isEqualTo(theirs);
        }
    }

    @Test
    void refuses_a_filter_that_does_not_exist_and_packed_pixels_with_a_wrong_checksum() throws IOException {
        byte[] unknown = deflate(new byte[] {0, 1, 2, 5, 3, 4});
        byte[] damaged = deflate(new byte[] {0, 1, 2, 0, 3, 4});
        damaged[damaged.length - 1]++;
        for (byte[] packed : new byte[][] {unknown, damaged}) {
            byte[] png = ofChunks(header(2, 2, 8, 0), chunk("IDAT", packed), chunk("IEND"));
            assertThatThrownBy(() -> decode(png, GREY))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("its pixels cannot be decoded");
        }
    }

    @Test
    void unpacks_no_text_that_an_image_carries() throws IOException {
        byte[] png = PngFiles.grey28(3);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(new byte[] {'a', 0, 0});
        text.writeBytes(deflate(new byte[64 << 20]));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(png, 0, 33); // signature and header
        file.writeBytes(PngFiles.chunk("zTXt", text.toByteArray()));
        file.write(png, 33, png.length - 33);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        byte[] pixels = new byte[28 * 28];
        new PngDecoder(1 << 16).decode(file.toByteArray(), file.size(), "f.png", new ImageFormat(1, 28, 28), pixels, 0);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        assertThat(pixels[5]).isNotZero();
    }

    @Test
    void answers_damage_of_any_kind_with_its_own_exception() {
        Rng rng = Rng.of(1);
        byte[][] seeds = {
            PngFiles.grey28(3),
            PngFiles.encode(filled(BufferedImage.TYPE_4BYTE_ABGR, 1, 2, 3, 4), true),
            PngFiles.encode(new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_INDEXED), false)
        };
        PngDecoder decoder = new PngDecoder(1 << 16);
        byte[] pixels = new byte[28 * 28];
        for (int i = 0; i < 3000; i++) {
            byte[] png = PngFuzz.mutate(seeds[i % seeds.length], rng);
            try {
                decoder.decode(png, png.length, "f.png", new ImageFormat(1, 28, 28), pixels, 0);
            } catch (DataException e) {
                assertThat(e).hasMessageStartingWith("f.png: ");
            }
        }
    }

    private static byte[] deflate(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        }
        return out.toByteArray();
    }
}
