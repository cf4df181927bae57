package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

@KernelsContract
class IndexingKernelsTest {
    /** Sizes of the source; dimension; sizes of the index. */
    private static final int[][][] GATHERS = {
        {{7}, {0}, {4}},
        {{7}, {0}, {20}},
        {{4, 10}, {1}, {4, 1}},
        {{4, 10}, {1}, {2, 3}},
        {{4, 10}, {0}, {9, 10}},
        {{4, 10}, {0}, {1, 1}},
        {{2, 3, 5}, {0}, {4, 3, 5}},
        {{2, 3, 5}, {1}, {2, 6, 4}},
        {{2, 3, 5}, {2}, {1, 2, 7}},
        {{2, 3, 4, 5}, {1}, {2, 2, 4, 5}},
    };

    private final Bench bench;
    private final Kernels kernels;

    IndexingKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    private static long[] indices(int bound, int... shape) {
        SplittableRandom random = new SplittableRandom(bound);
        return random.longs(Array.length(shape), 0, bound).toArray();
    }

    private static int source(int i, long[] index, int[][] c) {
        int[] at = Naive.index(i, c[2]);
        at[c[1][0]] = (int) index[i];
        return Naive.position(at, c[0]);
    }

    @Test
    void gathers_along_any_dimension() {
        for (int[][] c : GATHERS) {
            double[] x = Bench.random(c[0]);
            long[] index = indices(c[0][c[1][0]], c[2]);
            Array out = bench.empty(c[2]);

            kernels.gather(bench.array(x, c[0]), c[1][0], bench.longs(index, c[2]), out);

            double[] expected = new double[index.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = x[source(i, index, c)];
            }
            assertThat(bench.values(out)).isEqualTo(expected);
        }
    }

    @Test
    void scatters_and_adds_also_where_an_index_repeats() {
        for (int[][] c : GATHERS) {
            double[] src = Bench.seeded(1, c[2]);
            double[] dst = Bench.seeded(2, c[0]);
            long[] index = indices(c[0][c[1][0]], c[2]);
            Array sum = bench.array(dst, c[0]);

            kernels.scatterAdd(bench.array(src, c[2]), c[1][0], bench.longs(index, c[2]), sum);

            for (int i = 0; i < src.length; i++) {
                dst[source(i, index, c)] += src[i];
            }
            bench.assertValues(sum, dst);
        }
    }

    @Test
    void scatters_thousands_of_values_to_one_place() {
        int n = 20_000;
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        Array sum = bench.array(new double[3], 3);

        kernels.scatterAdd(bench.array(ones, n), 0, bench.longs(new long[n], n), sum);

        bench.assertValues(sum, n, 0, 0);
    }

    /** Sizes; dimension; indices. */
    private static final int[][][] SELECTS = {
        {{7}, {0}, {6, 0, 0, 3}},
        {{4, 3}, {0}, {3, 1}},
        {{4, 3}, {1}, {2, 2, 0, 1, 2}},
        {{2, 3, 5}, {0}, {1}},
        {{2, 3, 5}, {1}, {0, 2}},
        {{2, 3, 5}, {2}, {4, 4, 4}},
        {{3, 2, 4, 5}, {0}, {2, 0, 1, 2}},
        {{3, 2, 4, 5}, {2}, {3, 1}},
    };

    private static int[] selected(int[][] c) {
        int[] to = c[0].clone();
        to[c[1][0]] = c[2].length;
        return to;
    }

    private static int selectedFrom(int i, int[][] c) {
        int[] at = Naive.index(i, selected(c));
        at[c[1][0]] = c[2][at[c[1][0]]];
        return Naive.position(at, c[0]);
    }

    @Test
    void selects_along_any_dimension() {
        for (int[][] c : SELECTS) {
            double[] x = Bench.random(c[0]);
            Array out = bench.empty(selected(c));

            kernels.indexSelect(bench.array(x, c[0]), c[1][0], c[2], out);

            double[] expected = new double[(int) out.length()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = x[selectedFrom(i, c)];
            }
            assertThat(bench.values(out)).isEqualTo(expected);
        }
    }

    @Test
    void selects_int64() {
        Array out = bench.longs(new long[4], 2, 2);

        kernels.indexSelect(bench.longs(new long[] {1, 2, 3, 4, 5, 1L << 60}, 3, 2), 0, new int[] {2, 0}, out);

        assertThat(kernels.downloadLongs(out)).containsExactly(5, 1L << 60, 1, 2);
    }

    @Test
    void adds_along_any_dimension_also_where_an_index_repeats() {
        for (int[][] c : SELECTS) {
            double[] src = Bench.seeded(1, selected(c));
            double[] dst = Bench.seeded(2, c[0]);
            Array sum = bench.array(dst, c[0]);

            kernels.indexAdd(bench.array(src, selected(c)), c[1][0], c[2], sum);

            for (int i = 0; i < src.length; i++) {
                dst[selectedFrom(i, c)] += src[i];
            }
            bench.assertValues(sum, dst);
        }
    }

    @Test
    void marks_the_label_of_each_row() {
        Array out = Array.allocate(DataType.FLOAT, 3, 4);
        kernels.fill(out, Double.NaN);

        kernels.oneHot(bench.longs(new long[] {2, 0, 3}, 3), out);

        assertThat(kernels.downloadDoubles(out)).containsExactly(0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1);
    }

    @Test
    void marks_labels_of_any_number_of_dimensions() {
        Array scalar = Array.allocate(DataType.FLOAT, 2);
        Array square = Array.allocate(DataType.FLOAT, 2, 2, 2);

        kernels.oneHot(bench.longs(new long[] {1}), scalar);
        kernels.oneHot(bench.longs(new long[] {1, 0, 0, 1}, 2, 2), square);

        assertThat(kernels.downloadDoubles(scalar)).containsExactly(0, 1);
        assertThat(kernels.downloadDoubles(square)).containsExactly(0, 1, 1, 0, 1, 0, 0, 1);
    }
}
