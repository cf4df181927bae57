package io.miniai.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.tensor.Rng;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngEncoderTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void writes_what_the_decoder_reads(int channels) {
        ImageFormat format = new ImageFormat(channels, 5, 7);
        byte[] pixels = new byte[2 * format.bytes()];
        Rng rng = Rng.of(3);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) rng.nextInt(256);
        }
        PngEncoder encoder = new PngEncoder(format);
        byte[] read = new byte[pixels.length];
        for (int image = 0; image < 2; image++) {
            byte[] png = encoder.encode(pixels, image * format.bytes());
            assertThat(PngHeader.read(png, png.length, "f", 100).channels()).isEqualTo(channels);
            new PngDecoder(100).decode(png, png.length, "f", format, read, image * format.bytes());
        }
        assertThat(read).isEqualTo(pixels);
    }
}
