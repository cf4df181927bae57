package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.tensor.Rng;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

@KernelsContract
class MemoryKernelsTest {
    private final Bench bench;
    private final Kernels kernels;

    MemoryKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    @Test
    void brings_values_in_and_out_unchanged() {
        double[] values = Bench.random(3, 5);

        assertThat(bench.values(bench.array(values, 3, 5))).isEqualTo(values);
    }

    @Test
    void brings_the_extremes_of_every_type_in_and_out_unchanged() {
        long[] longs = {Long.MIN_VALUE, -1, 0, 1, (1L << 53) + 1, Long.MAX_VALUE};
        float[] floats = {Float.MIN_VALUE, -0f, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, Float.NaN};
        Array a = Array.allocate(DataType.FLOAT, 5);

        kernels.upload(floats, a);

        assertThat(kernels.downloadFloats(a)).isEqualTo(floats);
        assertThat(kernels.downloadLongs(bench.longs(longs, 2, 3))).isEqualTo(longs);
    }

    @Test
    void converts_any_type_to_double_when_asked() {
        assertThat(kernels.downloadDoubles(bench.longs(new long[] {3, -4}, 2))).containsExactly(3, -4);
        assertThat(kernels.downloadDoubles(bench.floats(new double[] {0.5, -4}, 2)))
                .containsExactly(0.5, -4);
    }

    @Test
    void reads_a_scalar() {
        assertThat(bench.values(bench.array(new double[] {1.5}))).containsExactly(1.5);
    }

    @Test
    void reads_only_what_belongs_to_the_array_when_the_block_is_larger() {
        assertThat(bench.values(bench.array(Bench.random(67), 67))).hasSize(67);
    }

    @ParameterizedTest
    @EnumSource
    void copies_between_memory_orders(Order from) {
        for (int n : new int[] {2, 67}) {
            double[] values = Bench.random(n, 3, 4, 5);
            for (Order to : Order.values()) {
                Array out = bench.emptyImage(to, n, 3, 4, 5);

                kernels.copy(bench.image(from, values, n, 3, 4, 5), out);

                assertThat(bench.values(out)).isEqualTo(values);
            }
        }
    }

    @Test
    void copies_floating_point_to_int64_by_truncation() {
        Array out = Array.allocate(DataType.INT64, 4);

        kernels.copy(bench.array(new double[] {1.9, -1.9, 0.2, 7}, 4), out);

        assertThat(kernels.downloadLongs(out)).containsExactly(1, -1, 0, 7);
    }

    @Test
    void copies_int64_to_floating_point_and_to_int64() {
        Array source = bench.longs(new long[] {3, -5, 1L << 40}, 3);
        Array out = bench.empty(3);
        Array same = Array.allocate(DataType.INT64, 3);

        kernels.copy(source, out);
        kernels.copy(source, same);

        assertThat(bench.values(out)).containsExactly(3, -5, 1L << 40);
        assertThat(kernels.downloadLongs(same)).containsExactly(3, -5, 1L << 40);
    }

    @Test
    void copies_between_float32_and_float64() {
        double[] values = Bench.random(7);
        Array single = Array.allocate(DataType.FLOAT, 7);
        Array twice = Array.allocate(DataType.DOUBLE, 7);

        kernels.copy(bench.array(values, 7), single);
        kernels.copy(bench.array(values, 7), twice);

        assertThat(kernels.downloadDoubles(single)).isEqualTo(values);
        assertThat(kernels.downloadDoubles(twice)).isEqualTo(values);
    }

    @ParameterizedTest
    @EnumSource
    void fills_every_value_and_nothing_behind_it(Order order) {
        Array whole = bench.array(Bench.random(65), 65);
        Array image = bench.emptyImage(order, 1, 2, 3, 4);

        kernels.fill(whole, 0.25);
        kernels.fill(image, -3);

        assertThat(bench.values(whole)).hasSize(65).containsOnly(0.25);
        assertThat(bench.values(image)).hasSize(24).containsOnly(-3);
    }

    @Test
    void fills_int64_and_scalars() {
        Array longs = bench.longs(new long[3], 3);
        Array scalar = bench.empty();

        kernels.fill(longs, 7);
        kernels.fill(scalar, 1.5);

        assertThat(kernels.downloadLongs(longs)).containsOnly(7);
        assertThat(bench.values(scalar)).containsExactly(1.5);
    }

    /** Images, channels, height, width. */
    private static final int[][] PIXELS = {{1, 1, 2, 3}, {3, 3, 4, 5}, {67, 1, 28, 28}, {300, 2, 11, 13}, {2, 3, 50, 60}
    };

    @ParameterizedTest
    @EnumSource
    void looks_up_the_bytes_of_images_that_lie_anywhere(Order order) {
        for (int[] shape : PIXELS) {
            int size = shape[1] * shape[2] * shape[3];
            byte[][] arrays = new byte[shape[0]][];
            int[] starts = new int[shape[0]];
            float[][] values = new float[shape[1]][256];
            for (int i = 0; i < 256 * shape[1]; i++) {
                values[i / 256][i % 256] = i - 100;
            }
            double[] expected = new double[shape[0] * size];
            SplittableRandom random = new SplittableRandom(1);
            for (int image = 0; image < shape[0]; image++) {
                starts[image] = image % 5;
                arrays[image] = new byte[size + image % 7 + 5];
                random.nextBytes(arrays[image]);
                for (int i = 0; i < size; i++) {
                    int value = arrays[image][starts[image] + i] & 0xff;
                    expected[image * size + i] = value + 256 * (i / (shape[2] * shape[3])) - 100;
                }
            }
            Array out = Array.allocateImage(DataType.FLOAT, order, shape);

            kernels.lookup(arrays, starts, values, out);

            assertThat(bench.values(out)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void draws_for_each_element_whether_a_dropout_keeps_it_in_every_memory_order(Order order) {
        for (int[] shape : PIXELS) {
            Array out = bench.emptyImage(order, shape);
            double[] expected = new double[Math.toIntExact(out.length())];
            Rng rng = Rng.of(5);
            long state = rng.state();
            for (int i = 0; i < expected.length; i++) {
                expected[i] = rng.nextDouble() < 0.3 ? 0 : 1 / (1 - 0.3);
            }

            kernels.dropoutMask(state, 0.3, out);

            bench.assertValues(out, expected);
        }
    }

    @Test
    void broadcasts_a_row_and_a_column_and_a_scalar() {
        Array row = bench.empty(2, 3);
        Array column = bench.empty(2, 3);
        Array scalar = bench.empty(2, 3);

        kernels.broadcast(bench.array(new double[] {1, 2, 3}, 1, 3), row);
        kernels.broadcast(bench.array(new double[] {1, 2}, 2, 1), column);
        kernels.broadcast(bench.array(new double[] {5}), scalar);

        assertThat(bench.values(row)).containsExactly(1, 2, 3, 1, 2, 3);
        assertThat(bench.values(column)).containsExactly(1, 1, 1, 2, 2, 2);
        assertThat(bench.values(scalar)).containsOnly(5);
    }
}
