package io.miniai.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import io.miniai.tensor.Rng;
import io.miniai.testing.Soak;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Changes good files at random, again and again from the same seed: what comes of it is read, or is refused by the
 * one documented exception, and reading never allocates more than what is there, and a constant, asks for.
 */
class SafetensorsFuzzTest {
    private static final List<String> PIECES = List.of(
            "0",
            "-1",
            "9223372036854775807",
            "9223372036854775808",
            "4294967296",
            "1e9",
            "0.5",
            "null",
            "true",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\u0000",
            "\\ud800",
            "\"dtype\":\"F64\"",
            "\"dtype\":\"U8\"",
            "\"shape\":[]",
            "\"shape\":[2147483647,2147483647]",
            "\"data_offsets\":[0,0]",
            "\"__metadata__\":{}",
            "\"0.0.bias\":{}",
            " ",
            "\u0000",
            "ü");
    private static final long CONSTANT = 256 << 10;
    /** As {@link Safetensors} promises. */
    private static final long MOST_BEYOND = 160_000_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final List<byte[]> seeds = List.of(
            SafetensorsTest.resource("types"),
            SafetensorsTest.resource("names"),
            SafetensorsTest.resource("half"),
            SafetensorsTest.resource("empty"),
            HeaderTest.file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]));

    private int read;
    private int refused;
    private long mostAllocated;

    @Test
    void survives_thousands_of_changed_files() {
        run(5_000);
        assertThat(read).isPositive();
        assertThat(refused).isGreaterThan(read);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void survives_a_million_changed_files() {
        int files = Soak.scaled(1_000_000, 1_000);
        run(files);
        System.out.printf(
                "safetensors fuzz: %,d files: %,d read, %,d refused; most bytes allocated beyond the file's: %,d%n",
                files, read, refused, mostAllocated);
    }

    /** Headers as long as they may be, made of what costs most. */
    static Stream<Arguments> costly() {
        String entry = "\"%d\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}";
        String wide =
                "Ж" + "a".repeat(1_500) + "\\n"; // two bytes a character in Java, and copied because of the escape
        return Stream.of(
                arguments("tensors", entries(10_000, i -> entry.formatted(i, "", 4 * i, 4 * i + 4)), 40_000),
                arguments("tensors too many", entries(250_000, i -> entry.formatted(i, "", 4 * i, 4 * i + 4)), 0),
                arguments(
                        "dimensions",
                        entries(10_000, i -> entry.formatted(i, "1,".repeat(31) + "1", 4 * i, 4 * i + 4)),
                        40_000),
                arguments(
                        "names",
                        entries(
                                330,
                                i -> entry.replace("%d\":{", "%d" + wide.repeat(32) + "\":{")
                                        .formatted(i, "", 4 * i, 4 * i + 4)),
                        1_320),
                arguments(
                        "texts",
                        "\"__metadata__\":{" + entries(10_000, i -> "\"" + i + "\":\"" + wide + "\"") + "}",
                        0),
                arguments("one text", "\"__metadata__\":{\"k\":\"" + wide.repeat(11_000) + "\"}", 0));
    }

    private static String entries(int n, IntFunction<String> entry) {
        return IntStream.range(0, n).mapToObj(entry).collect(Collectors.joining(","));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("costly")
    void reading_the_costliest_header_allocates_the_bytes_of_the_file_and_a_constant(
            String what, String header, int dataBytes) {
        byte[] file = HeaderTest.file("{" + header + "}", new byte[dataBytes]);
        long before = threads.getCurrentThreadAllocatedBytes();
        String outcome = "read";
        try {
            Safetensors.read(file, "costly");
        } catch (FileException e) {
            outcome = e.getMessage();
        }
        long beyond = threads.getCurrentThreadAllocatedBytes() - before - file.length;
        System.out.printf("%s: %,d bytes; allocated beyond them: %,d; %s%n", what, file.length, beyond, outcome);
        assertThat(file.length).isLessThan(24 << 20);
        assertThat(beyond).isLessThan(MOST_BEYOND);
    }

    private void run(int inputs) {
        for (byte[] seed : seeds) {
            Safetensors.read(seed, "seed"); // what is loaded once is not counted below
        }
        for (int i = 0; i < inputs; i++) {
            Rng rng = Rng.of(20_261, i);
            byte[] file = seeds.get(rng.nextInt(seeds.size()));
            for (int changes = 1 + rng.nextInt(4); changes > 0; changes--) {
                file = change(file, rng);
            }
            check(file, i);
        }
    }

    private void check(byte[] file, int input) {
        long before = threads.getCurrentThreadAllocatedBytes();
        boolean good;
        try {
            Safetensors.read(file, "fuzz");
            good = true;
        } catch (FileException e) {
            good = false;
        } catch (Throwable t) {
            throw new AssertionError("input " + input + ": " + Arrays.toString(file), t);
        }
        long beyond = threads.getCurrentThreadAllocatedBytes() - before - file.length;
        assertThat(beyond).as("input %d", input).isLessThan(CONSTANT);
        mostAllocated = Math.max(mostAllocated, beyond);
        read += good ? 1 : 0;
        refused += good ? 0 : 1;
    }

    private static byte[] change(byte[] file, Rng rng) {
        switch (rng.nextInt(7)) {
            case 0 -> {
                return file.length == 0 ? file : flipped(file, rng);
            }
            case 1 -> {
                return Arrays.copyOf(file, rng.nextInt(file.length + 1));
            }
            case 2 -> {
                return Arrays.copyOf(file, file.length + 1 + rng.nextInt(64));
            }
            case 3 -> {
                return withLength(file, rng.nextInt(3) == 0 ? rng.nextLong() : rng.nextInt(2 * file.length + 1));
            }
            case 4 -> {
                return replaced(file, rng, 0);
            }
            case 5 -> {
                return replaced(file, rng, 1 + rng.nextInt(30));
            }
            default -> {
                return digits(file, rng);
            }
        }
    }

    private static byte[] flipped(byte[] file, Rng rng) {
        byte[] changed = file.clone();
        changed[rng.nextInt(file.length)] = (byte) rng.nextInt(256);
        return changed;
    }

    /** Puts a piece of JSON into the header in place of some bytes, and mostly corrects the header's length. */
    private static byte[] replaced(byte[] file, Rng rng, int bytes) {
        byte[] piece = PIECES.get(rng.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
        int at = Math.min(file.length, 8 + rng.nextInt(Math.max(1, file.length)));
        int to = Math.min(file.length, at + bytes);
        ByteBuffer out = ByteBuffer.allocate(at + piece.length + file.length - to);
        out.put(file, 0, at).put(piece).put(file, to, file.length - to);
        byte[] changed = out.array();
        if (file.length < 8 || rng.nextInt(10) == 0) {
            return changed;
        }
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return withLength(changed, length + piece.length - (to - at));
    }

    /** Changes a digit: other shapes, offsets and types that still are JSON. */
    private static byte[] digits(byte[] file, Rng rng) {
        byte[] changed = file.clone();
        for (int tries = 0; tries < 100 && file.length > 0; tries++) {
            int at = rng.nextInt(file.length);
            if (changed[at] >= '0' && changed[at] <= '9') {
                changed[at] = (byte) ('0' + rng.nextInt(10));
                break;
            }
        }
        return changed;
    }

    private static byte[] withLength(byte[] file, long length) {
        if (file.length < 8) {
            return file;
        }
        byte[] changed = file.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        return changed;
    }
}
