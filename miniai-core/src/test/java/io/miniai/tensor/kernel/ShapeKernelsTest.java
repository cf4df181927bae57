package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@KernelsContract
class ShapeKernelsTest {
    private final Bench bench;
    private final Kernels kernels;

    ShapeKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    @Test
    void permutes_dimensions() {
        int[][][] cases = {
            {{3, 4}, {1, 0}},
            {{2, 3, 4}, {0, 2, 1}},
            {{2, 3, 4}, {1, 2, 0}},
            {{2, 3, 4}, {2, 1, 0}},
            {{2, 3, 4, 5}, {0, 2, 3, 1}},
            {{2, 3, 4, 5}, {3, 1, 0, 2}},
            {{2, 3, 4, 5}, {0, 1, 2, 3}},
            {{1, 3, 1, 5}, {2, 3, 0, 1}},
            {{2, 1, 3, 2, 2, 2}, {5, 0, 4, 1, 3, 2}},
            {{6}, {0}},
        };
        for (int[][] c : cases) {
            double[] x = Bench.random(c[0]);
            int[] axes = c[1].clone();
            int[] to = new int[axes.length];
            for (int i = 0; i < axes.length; i++) {
                to[i] = c[0][axes[i]];
            }
            Array out = bench.empty(to);

            kernels.permute(bench.array(x, c[0]), axes, out);

            assertThat(bench.values(out)).isEqualTo(permuted(x, c[0], axes, to));
            assertThat(axes).as("the caller's array").isEqualTo(c[1]);
        }
    }

    private static double[] permuted(double[] x, int[] shape, int[] axes, int[] to) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int[] at = Naive.index(i, shape);
            int[] moved = new int[at.length];
            for (int d = 0; d < at.length; d++) {
                moved[d] = at[axes[d]];
            }
            out[Naive.position(moved, to)] = x[i];
        }
        return out;
    }

    @Test
    void permutes_int64() {
        Array out = bench.longs(new long[6], 3, 2);

        kernels.permute(bench.longs(new long[] {1, 2, 3, 4, 5, 6}, 2, 3), new int[] {1, 0}, out);

        assertThat(kernels.downloadLongs(out)).containsExactly(1, 4, 2, 5, 3, 6);
    }

    /** Sizes, begin, step, sizes of the part. */
    private static final int[][][] SLICES = {
        {{10}, {2}, {1}, {5}},
        {{10}, {1}, {3}, {3}},
        {{10}, {9}, {1}, {1}},
        {{4, 5}, {0, 0}, {1, 1}, {4, 5}},
        {{4, 5}, {1, 2}, {1, 1}, {2, 3}},
        {{4, 5}, {1, 0}, {2, 4}, {2, 2}},
        {{4, 5}, {3, 4}, {1, 1}, {1, 1}},
        {{4, 5}, {0, 1}, {1, 1}, {4, 1}},
        {{3, 4, 5}, {1, 0, 2}, {1, 2, 1}, {2, 2, 3}},
        {{2, 3, 7, 6}, {0, 1, 2, 1}, {1, 1, 2, 3}, {2, 2, 3, 2}},
        {{2, 3, 2, 2, 4}, {1, 0, 0, 1, 0}, {1, 2, 1, 1, 3}, {1, 2, 2, 1, 2}},
    };

    @Test
    void takes_every_step_th_value_from_begin_on() {
        for (int[][] s : SLICES) {
            double[] x = Bench.random(s[0]);
            Array out = bench.empty(s[3]);

            kernels.slice(bench.array(x, s[0]), s[1], s[2], out);

            double[] expected = new double[(int) out.length()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = x[source(i, s)];
            }
            assertThat(bench.values(out)).isEqualTo(expected);
        }
    }

    @Test
    void puts_a_part_and_leaves_the_rest() {
        for (int[][] s : SLICES) {
            double[] whole = Bench.seeded(1, s[0]);
            double[] part = Bench.seeded(2, s[3]);
            Array dst = bench.array(whole, s[0]);

            kernels.putSlice(bench.array(part, s[3]), s[1], s[2], dst);

            for (int i = 0; i < part.length; i++) {
                whole[source(i, s)] = part[i];
            }
            assertThat(bench.values(dst)).isEqualTo(whole);
        }
    }

    private static int source(int i, int[][] s) {
        int[] at = Naive.index(i, s[3]);
        for (int d = 0; d < at.length; d++) {
            at[d] = s[1][d] + at[d] * s[2][d];
        }
        return Naive.position(at, s[0]);
    }

    @Test
    void slices_int64_and_float32() {
        Array longs = bench.longs(new long[2], 2);
        Array floats = bench.floats(new double[2], 2);

        kernels.slice(bench.longs(new long[] {1, 2, 3, 1L << 60}, 4), new int[] {1}, new int[] {2}, longs);
        kernels.slice(bench.floats(new double[] {1, 2, 3, 4}, 4), new int[] {0}, new int[] {2}, floats);

        assertThat(kernels.downloadLongs(longs)).containsExactly(2, 1L << 60);
        assertThat(kernels.downloadDoubles(floats)).containsExactly(1, 3);
    }

    @Test
    void puts_int64() {
        Array longs = bench.longs(new long[] {1, 2, 3, 4}, 2, 2);

        kernels.putSlice(bench.longs(new long[] {8, 9}, 2, 1), new int[] {0, 1}, new int[] {1, 1}, longs);

        assertThat(kernels.downloadLongs(longs)).containsExactly(1, 8, 3, 9);
    }
}
