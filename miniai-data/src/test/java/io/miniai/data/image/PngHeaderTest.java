package io.miniai.data.image;

import static io.miniai.data.image.PngFiles.chunk;
import static io.miniai.data.image.PngFiles.header;
import static io.miniai.data.image.PngFiles.ofChunks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.fault.DataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PngHeaderTest {
    private static PngHeader read(byte[] png) {
        return PngHeader.read(png, png.length, "train/3/7.png", 1000);
    }

    @Test
    void tells_size_depth_and_colour() {
        assertThat(read(PngFiles.grey(2, 3, 1, 2, 3, 4, 5, 6))).isEqualTo(new PngHeader(3, 2, 8, 0, false));
    }

    @Test
    void ignores_what_stands_behind_the_length_given() {
        byte[] png = PngFiles.grey(1, 1, 9);
        assertThat(PngHeader.read(Arrays.copyOf(png, png.length + 50), png.length, "f", 1000))
                .isEqualTo(new PngHeader(1, 1, 8, 0, false));
    }

    @Test
    void says_that_a_file_is_empty() {
        assertThatThrownBy(() -> read(new byte[0]))
                .isInstanceOf(DataException.class)
                .hasMessage("train/3/7.png: expected a PNG image, the file is empty. Delete it or fetch it again.");
    }

    @Test
    void says_that_a_file_is_a_JPEG() {
        assertThatThrownBy(() -> read(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 0, 1, 2, 3, 4, 5}))
                .hasMessage(
                        "train/3/7.png: expected a PNG image, the content is JPEG. Convert it to PNG or remove it.");
    }

    @Test
    void says_that_a_file_is_something_else() {
        assertThatThrownBy(() -> read("hello, I am a text".getBytes(StandardCharsets.US_ASCII)))
                .hasMessage("train/3/7.png: expected a PNG image, the content is something else."
                        + " Convert it to PNG or remove it.");
    }

    @Test
    void finds_a_file_cut_short_at_every_byte() {
        byte[] png = PngFiles.grey28(0);
        for (int length = 8; length < png.length; length++) {
            byte[] cut = Arrays.copyOf(png, length);
            assertThatThrownBy(() -> read(cut))
                    .isInstanceOf(DataException.class)
                    .hasMessage("train/3/7.png: the PNG image is cut short after " + cut.length
                            + " bytes. Fetch it again or delete it.");
        }
    }

    @Test
    void finds_a_changed_bit_in_every_byte() {
        byte[] png = PngFiles.grey28(0);
        for (int i = 0; i < png.length; i++) {
            byte[] changed = png.clone();
            changed[i] ^= 0x10;
            assertThatThrownBy(() -> read(changed))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("train/3/7.png");
        }
    }

    @Test
    void says_where_the_checksum_is_wrong() {
        byte[] png = PngFiles.grey28(0);
        png[45] ^= 1;
        assertThatThrownBy(() -> read(png))
                .hasMessage("train/3/7.png: the PNG image is damaged: the checksum of its part at byte 33 is wrong."
                        + " Fetch it again or delete it.");
    }

    @Test
    void refuses_a_huge_image_before_decoding_it() {
        byte[] bomb = ofChunks(header(100_000, 100_000, 8, 0), chunk("IDAT", (byte) 0), chunk("IEND"));
        assertThatThrownBy(() -> read(bomb))
                .hasMessage("train/3/7.png: the image has 100000×100000 pixels, more than the limit of 1000."
                        + " Shrink it, or raise Limits.maxPixels.");
    }

    @Test
    void refuses_more_pixels_than_the_file_can_hold_before_memory_is_taken_for_them() {
        byte[] claim = ofChunks(header(8000, 8000, 8, 2), chunk("IDAT", new byte[100]), chunk("IEND"));
        assertThatThrownBy(() -> PngHeader.read(claim, claim.length, "a.png", 1 << 26))
                .isInstanceOf(DataException.class)
                .hasMessage("a.png: the PNG image is damaged: 100 bytes cannot hold 8000×8000 pixels. Fetch it again or"
                        + " delete it.");
    }

    @Test
    void accepts_what_deflate_packs_best() {
        byte[] black = PngFiles.grey(4000, 4000, new int[4000 * 4000]);
        assertThat(PngHeader.read(black, black.length, "a.png", 1 << 26).width())
                .isEqualTo(4000);
    }

    @Test
    void refuses_a_header_that_cannot_be() {
        for (byte[] bad :
                new byte[][] {header(0, 5, 8, 0), header(5, -1, 8, 0), header(5, 5, 3, 0), header(5, 5, 8, 5)}) {
            assertThatThrownBy(() -> read(ofChunks(bad, chunk("IDAT", (byte) 0), chunk("IEND"))))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("train/3/7.png: the PNG image is damaged: its header says");
        }
    }

    @Test
    void refuses_a_file_without_header_or_pixels() {
        assertThatThrownBy(() -> read(ofChunks(chunk("IDAT", (byte) 0), chunk("IEND"))))
                .hasMessageContaining("its header is missing");
        assertThatThrownBy(() -> read(ofChunks(header(5, 5, 8, 0), chunk("IEND"))))
                .hasMessageContaining("it holds no pixels");
    }

    @Test
    void refuses_a_chunk_of_negative_or_endless_length() {
        byte[] png = PngFiles.grey28(0);
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            byte[] bad = png.clone();
            java.nio.ByteBuffer.wrap(bad).putInt(33, length);
            assertThatThrownBy(() -> read(bad)).hasMessageContaining("cut short");
        }
    }
}
