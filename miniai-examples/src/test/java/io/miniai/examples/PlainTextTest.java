package io.miniai.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void replaces_what_the_output_cannot_show() {
        assertThat(written("Conv2d(1→4, 3×3) 20 µs ── −2.9", StandardCharsets.US_ASCII))
                .isEqualTo("Conv2d(1>4, 3x3) 20 us -- -2.9");
        assertThat(written("3×3 → 20 µs", StandardCharsets.ISO_8859_1)).isEqualTo("3×3 > 20 µs");
    }

    @Test
    void leaves_what_the_output_can_show() {
        assertThat(written("3×3 → ─", StandardCharsets.UTF_8)).isEqualTo("3×3 → ─");
    }

    private static String written(String text, Charset charset) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PlainText.writer(new PrintStream(bytes, true, charset), charset)
                .printf("%s", text)
                .flush();
        return bytes.toString(charset);
    }
}
