package io.miniai.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.tensor.DType;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against files of the reference implementation; see the README beside them. */
class SafetensorsTest {
    @TempDir
    Path dir;

    // ---- files of another implementation ---------------------------------------------------------

    private static Map<String, Tensor> types() {
        float[] weight = new float[36];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (i - 17.5f) / 8;
        }
        Map<String, Tensor> tensors = new HashMap<>();
        tensors.put("0.0.weight", Tensor.of(weight, 4, 1, 3, 3));
        tensors.put("0.0.bias", Tensor.of(new float[] {0, -0f, Float.MIN_NORMAL, Float.MAX_VALUE}, 4));
        tensors.put(
                "double",
                Tensor.of(
                        new double[] {1.0 / 3, -2.5, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_NORMAL, 1e300},
                        2,
                        3));
        tensors.put("labels", Tensor.of(new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}, 5));
        tensors.put("scalar", Tensor.of(new long[] {7}));
        return tensors;
    }

    @Test
    void reads_all_types_of_the_reference_implementation_to_the_bit() {
        Safetensors read = Safetensors.read(resource("types"), "types");
        assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
        assertThat(read.tensors()).containsOnlyKeys(types().keySet());
        types().forEach((name, expected) -> assertSame(name, read.tensors().get(name), expected));
    }

    @Test
    void writes_the_bytes_of_the_reference_implementation() throws IOException {
        Path file = dir.resolve("types.safetensors");
        Safetensors.write(file, types(), Map.of("format", "pt"));
        assertThat(Files.readAllBytes(file)).isEqualTo(resource("types"));
    }

    @Test
    void writes_names_and_metadata_with_the_escapes_and_in_the_order_of_the_reference_implementation()
            throws IOException {
        Map<String, Tensor> tensors = new HashMap<>();
        for (String name : new String[] {
            "quote\"back\\slash",
            "tab\tnew\nline\u0001\u001f",
            "größe",
            "\ufffd",
            "\ud83d\ude00",
            "z/a",
            "İıŞ",
            "del\u007f"
        }) {
            tensors.put(name, Tensor.ones(1));
        }
        Map<String, String> metadata = Map.of("ключ \"1\"", "значение\n\b\f\r\u001b\ud83d\ude00");
        Path file = dir.resolve("names.safetensors");
        Safetensors.write(file, tensors, metadata);
        assertThat(Files.readAllBytes(file)).isEqualTo(resource("names"));

        Safetensors read = Safetensors.read(file);
        assertThat(read.metadata()).isEqualTo(metadata);
        assertThat(read.tensors().keySet()).isEqualTo(tensors.keySet());
        assertThat(Safetensors.readMetadata(file)).isEqualTo(metadata);
    }

    @Test
    void writes_a_file_without_tensors_as_the_reference_implementation_does() throws IOException {
        Path file = dir.resolve("empty.safetensors");
        Safetensors.write(file, Map.of(), Map.of());
        assertThat(Files.readAllBytes(file)).isEqualTo(resource("empty"));
        assertThat(Safetensors.read(file).tensors()).isEmpty();
    }

    @Test
    void reads_half_precision_numbers_as_floats() {
        Map<String, Tensor> read = Safetensors.read(resource("half"), "half").tensors();
        float infinity = Float.POSITIVE_INFINITY;
        assertThat(read.get("f16").dtype()).isEqualTo(DType.FLOAT32);
        assertThat(read.get("f16").toFloatArray())
                .containsExactly(1, -2, 65504, 0x1p-14f, 0x1p-24f, -0f, infinity, -infinity, 0.33325195f);
        assertThat(read.get("bf16").toFloatArray())
                .containsExactly(
                        1, -2, 0x1.fep127f, Float.MIN_NORMAL, 0x1p-133f, -0f, infinity, -infinity, 0.33398438f);
    }

    @Test
    void half_precision_is_right_for_every_number() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            double fraction = (bits & 1023) / 1024.0;
            double magnitude = exponent == 0
                    ? fraction * 0x1p-14
                    : exponent == 31
                            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                            : (1 + fraction) * Math.pow(2, exponent - 15);
            float expected = (float) (bits >= 1 << 15 ? -magnitude : magnitude);
            assertThat(Float.compare(SafetensorsReader.half((short) bits), expected))
                    .isZero();
        }
    }

    @Test
    void says_which_types_it_reads_when_a_file_has_another() {
        assertThatThrownBy(() -> Safetensors.read(resource("bytes"), "bytes"))
                .isInstanceOf(FileException.class)
                .hasMessage("bytes: tensor 'bytes' has dtype U8; expected one of F16, BF16, F32, F64, I64."
                        + " Convert it where it was written.");
    }

    // ---- what was written comes back -------------------------------------------------------------

    @Test
    void what_was_written_comes_back_to_the_bit() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("large", Tensor.randn(Rng.of(1), 70_001)); // more than one chunk
        tensors.put("image", Tensor.randn(Rng.of(2), 2, 3, 5, 7));
        tensors.put("nan", Tensor.of(new float[] {Float.intBitsToFloat(0x7fc12345), Float.MIN_VALUE}, 2));
        tensors.put(
                "double", Tensor.randn(Rng.of(3), 9_000).toDType(DType.FLOAT64).div(3));
        tensors.put("label", Tensor.arange(9_000));
        Path file = dir.resolve("all.safetensors");
        Safetensors.write(file, tensors, Map.of());
        Safetensors read = Safetensors.read(file);
        tensors.forEach((name, expected) -> assertSame(name, read.tensors().get(name), expected));
    }

    @Test
    void images_are_stored_row_by_row_however_they_lie_in_memory() {
        // A convolution leaves its result in the order it computes in.
        Tensor image = Tensor.randn(Rng.of(2), 2, 4, 5, 7)
                .conv2d(Tensor.randn(Rng.of(3), 8, 4, 3, 3), null, io.miniai.tensor.Window.of(3));
        Path file = dir.resolve("image.safetensors");
        Safetensors.write(file, Map.of("image", image), Map.of());
        assertSame("image", Safetensors.read(file).tensors().get("image"), Tensor.of(image.toFloatArray(), 2, 8, 3, 5));
    }

    @Test
    void the_same_content_gives_the_same_bytes() throws IOException {
        Safetensors.write(dir.resolve("a"), types(), Map.of("k", "v"));
        Safetensors.write(dir.resolve("b"), new LinkedHashMap<>(types()), Map.of("k", "v"));
        assertThat(dir.resolve("a")).hasSameBinaryContentAs(dir.resolve("b"));
    }

    @Test
    void throws_when_a_name_is_not_for_tensors_or_no_text() {
        Tensor t = Tensor.ones(1);
        assertThatThrownBy(() -> Safetensors.write(dir.resolve("x"), Map.of("__metadata__", t), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected another name for a tensor than __metadata__, which the format keeps for text.");
        assertThatThrownBy(() -> Safetensors.write(dir.resolve("x"), Map.of("half \ud83d", t), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Expected Unicode text; got half of a surrogate pair in 'half ");
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void throws_when_there_is_more_to_save_than_could_be_read_again() {
        Tensor t = Tensor.ones(1);
        Map<String, Tensor> many = new HashMap<>();
        for (int i = 0; i < 10_001; i++) {
            many.put("t" + i, t);
        }
        assertThatThrownBy(() -> Safetensors.write(dir.resolve("x"), many, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected at most 10000 tensors and as many texts; got 10001 and 0. Use several files.");
        assertThatThrownBy(() -> Safetensors.write(dir.resolve("x"), Map.of(), Map.of("k", "v".repeat(16 << 20))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected names and metadata of at most 16777216 bytes; got 16777248. Save less text.");
        assertThat(dir).isEmptyDirectory();
    }

    // ---- what is no such file --------------------------------------------------------------------

    @Test
    void says_that_there_is_no_such_file() {
        Path file = dir.resolve("gone.safetensors");
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(FileException.class)
                .hasMessage(file + ": could not be read: there is no such file or folder.");
    }

    @Test
    void says_that_a_folder_is_no_file() {
        assertThatThrownBy(() -> Safetensors.read(dir)).isInstanceOf(FileException.class);
        assertThatThrownBy(() -> Safetensors.write(dir, Map.of(), Map.of()))
                .isInstanceOf(FileException.class)
                .hasMessage(dir + ": expected the name of a file; got a folder.");
    }

    static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(
                SafetensorsTest.class.getResourceAsStream("/safetensors/" + name + ".safetensors"), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assertSame(String name, Tensor got, Tensor expected) {
        assertThat(got.dtype()).as(name).isEqualTo(expected.dtype());
        assertThat(got.shape()).as(name).isEqualTo(Shape.of(expected.shape().toArray()));
        switch (expected.dtype()) {
            case FLOAT32 -> assertThat(bits(got.toFloatArray())).as(name).isEqualTo(bits(expected.toFloatArray()));
            case FLOAT64 -> assertThat(bits(got.toDoubleArray())).as(name).isEqualTo(bits(expected.toDoubleArray()));
            case INT64 -> assertThat(got.toLongArray()).as(name).isEqualTo(expected.toLongArray());
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private static long[] bits(double[] values) {
        return java.util.Arrays.stream(values)
                .mapToLong(Double::doubleToRawLongBits)
                .toArray();
    }
}
