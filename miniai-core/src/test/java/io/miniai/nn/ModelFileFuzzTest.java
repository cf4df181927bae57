package io.miniai.nn;

import static io.miniai.nn.Layers.conv;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.miniai.file.FileException;
import io.miniai.file.Json;
import io.miniai.tensor.Rng;
import io.miniai.testing.Soak;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes the description of a model at random, again and again from the same seed: a model comes of it, or the one
 * documented exception, and nothing of a size that only the description claims is made.
 */
class ModelFileFuzzTest {
    private static final List<String> PIECES = List.of(
            "2147483647",
            "-1",
            "0",
            "1e300",
            "\"NaN\"",
            "true",
            "null",
            "{",
            "}",
            "[",
            "]",
            ",",
            "\"same\":\"0\",",
            "\"type\":\"Sequential\",",
            "\"type\":\"Linear\",",
            "\"type\":\"UpsampleNearest2d\",",
            "Conv2d",
            "Dropout",
            "\"children\":{},",
            "\"settings\":{\"p\":0.5},",
            "\"out\":1000000,",
            "\"window\":[9,9,9,9,9,9,9,9],");
    private static final long CONSTANT = 1 << 20;

    @TempDir
    Path dir;

    private int loaded;
    private int refused;

    @Test
    void survives_thousands_of_changed_descriptions() throws IOException {
        run(2_000);
        assertThat(loaded).isPositive();
        assertThat(refused).isGreaterThan(loaded);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void survives_a_hundred_thousand_changed_descriptions() throws IOException {
        int descriptions = Soak.scaled(100_000, 1_000);
        run(descriptions);
        System.out.printf(
                "model file fuzz: %,d descriptions: %,d loaded, %,d refused%n", descriptions, loaded, refused);
    }

    private void run(int inputs) throws IOException {
        Path file = dir.resolve("model.safetensors");
        Module model = Sequential.of(
                new ZeroPad2d(2), conv(1, 2), new MaxPool2d(2), new Dropout(0.1), new Flatten(), new Linear(8, 2));
        ModelFile.save(model, file);
        String good = ModelFile.info(file).architecture().orElseThrow();
        byte[] saved = Files.readAllBytes(file);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < inputs; i++) {
            Rng rng = Rng.of(4, i);
            String changed = changed(good, rng);
            byte[] content = described(saved, good, changed);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                ModelFile.load(content, "fuzz");
                loaded++;
            } catch (FileException e) {
                refused++;
            } catch (Throwable t) {
                throw new AssertionError("input " + i + ": " + changed, t);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("input %d", i)
                    .isLessThan(content.length + CONSTANT);
        }
    }

    /** The same file with another description, without going through a disk. */
    private static byte[] described(byte[] saved, String before, String after) {
        ByteBuffer file = ByteBuffer.wrap(saved).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        byte[] other = new String(header, StandardCharsets.UTF_8)
                .replace(quoted(before), quoted(after))
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + other.length + file.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(other.length)
                .put(other)
                .put(file)
                .array();
    }

    private static String quoted(String text) {
        String json = Json.write(Map.of("k", text));
        return json.substring("{\"k\":".length(), json.length() - 1);
    }

    private static String changed(String json, Rng rng) {
        String changed = json;
        for (int n = 1 + rng.nextInt(3); n > 0; n--) {
            int at = rng.nextInt(changed.length());
            int to = Math.min(changed.length(), at + rng.nextInt(12));
            String piece = rng.nextInt(4) == 0 ? "" : PIECES.get(rng.nextInt(PIECES.size()));
            changed = changed.substring(0, at) + piece + changed.substring(to);
        }
        return rng.nextInt(3) == 0 ? digit(json, rng) : changed;
    }

    /** Other numbers, so that the text still is a description. */
    private static String digit(String json, Rng rng) {
        int at = rng.nextInt(json.length());
        while (!Character.isDigit(json.charAt(at))) {
            at = (at + 1) % json.length();
        }
        return json.substring(0, at) + rng.nextInt(100) + json.substring(at + 1);
    }
}
