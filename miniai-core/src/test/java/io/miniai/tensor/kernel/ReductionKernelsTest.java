package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

@KernelsContract
class ReductionKernelsTest {
    private final Bench bench;
    private final Kernels kernels;

    ReductionKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    private static int[] reduced(int[] shape, int... dims) {
        int[] out = shape.clone();
        for (int d : dims) {
            out[d] = 1;
        }
        return out;
    }

    private static double[] reduce(Reduce op, double[] x, int[] shape, int[] dims) {
        int[] to = reduced(shape, dims);
        double[] out = new double[(int) Array.length(to)];
        Arrays.fill(out, op == Reduce.MAX ? Double.NEGATIVE_INFINITY : op == Reduce.MIN ? Double.POSITIVE_INFINITY : 0);
        for (int i = 0; i < x.length; i++) {
            int[] at = Naive.index(i, shape);
            for (int d : dims) {
                at[d] = 0;
            }
            int k = Naive.position(at, to);
            out[k] = switch (op) {
                case SUM -> out[k] + x[i];
                case MEAN -> out[k] + x[i] * out.length / x.length;
                case MAX -> Math.max(out[k], x[i]);
                case MIN -> Math.min(out[k], x[i]);
            };
        }
        return out;
    }

    static Stream<int[]> everyChoiceOfDimensions(int rank) {
        return Stream.iterate(1, m -> m < 1 << rank, m -> m + 1)
                .map(m -> Stream.iterate(0, d -> d < rank, d -> d + 1)
                        .filter(d -> (m >> d & 1) == 1)
                        .mapToInt(d -> d)
                        .toArray());
    }

    @ParameterizedTest
    @EnumSource
    void reduces_any_choice_of_dimensions(Reduce op) {
        for (int[] shape :
                new int[][] {{7}, {3, 5}, {2, 3, 4}, {3, 2, 5, 4}, {1, 5}, {5, 1}, {1, 1, 6}, {1}, {4, 1, 3}}) {
            double[] x = Bench.random(shape);
            everyChoiceOfDimensions(shape.length).forEach(dims -> {
                Array out = bench.empty(reduced(shape, dims));

                kernels.reduce(op, bench.array(x, shape), dims, out);

                bench.assertValues(out, reduce(op, x, shape, dims));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void reduces_images_in_every_memory_order(Reduce op) {
        int[] shape = {3, 4, 5, 6};
        double[] x = Bench.random(shape);
        for (Order order : Order.values()) {
            everyChoiceOfDimensions(4).forEach(dims -> {
                Array out = bench.emptyImage(order, reduced(shape, dims));

                kernels.reduce(op, bench.image(order, x, shape), dims, out);

                bench.assertValues(out, reduce(op, x, shape, dims));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_scalar_reduces_to_itself(Reduce op) {
        Array out = bench.empty();

        kernels.reduce(op, bench.array(new double[] {-1.5}), new int[0], out);

        bench.assertValues(out, -1.5);
    }

    @Test
    void sums_a_million_values_without_losing_digits() {
        double[] x = new double[1_000_003];
        Arrays.fill(x, 0.1f);
        Array sum = bench.empty(1);
        Array mean = bench.empty(1);

        kernels.reduce(Reduce.SUM, bench.array(x, x.length), new int[] {0}, sum);
        kernels.reduce(Reduce.MEAN, bench.array(x, x.length), new int[] {0}, mean);

        bench.assertValues(sum, x.length * (double) 0.1f);
        bench.assertValues(mean, 0.1f);
    }

    @Test
    void sums_long_columns_without_losing_digits() {
        int rows = 200_003;
        double[] x = new double[rows * 3];
        Arrays.fill(x, 0.1f);
        Array sum = bench.empty(1, 3);

        kernels.reduce(Reduce.SUM, bench.array(x, rows, 3), new int[] {0}, sum);

        double expected = rows * (double) 0.1f;
        bench.assertValues(sum, expected, expected, expected);
    }

    @Test
    void finds_the_first_largest_value_along_any_dimension() {
        for (int[] shape : new int[][] {{9}, {3, 5}, {2, 3, 4}, {3, 2, 5, 4}, {1, 6}, {6, 1}}) {
            double[] x = Bench.random(shape);
            for (int i = 0; i < x.length; i++) {
                x[i] = Math.rint(x[i]);
            }
            for (int dim = 0; dim < shape.length; dim++) {
                Array out = Array.allocate(DataType.INT64, reduced(shape, dim));

                kernels.argmax(bench.array(x, shape), dim, out);

                assertThat(kernels.downloadLongs(out)).isEqualTo(argmax(x, shape, dim));
            }
        }
    }

    private static long[] argmax(double[] x, int[] shape, int dim) {
        int[] to = reduced(shape, dim);
        long[] out = new long[(int) Array.length(to)];
        for (int k = 0; k < out.length; k++) {
            int[] at = Naive.index(k, to);
            double best = Double.NEGATIVE_INFINITY;
            for (at[dim] = 0; at[dim] < shape[dim]; at[dim]++) {
                double value = x[Naive.position(at, shape)];
                if (value > best) {
                    best = value;
                    out[k] = at[dim];
                }
            }
        }
        return out;
    }

    @Test
    void finds_the_first_of_many_equal_values() {
        Array out = Array.allocate(DataType.INT64, 1);

        kernels.argmax(bench.array(new double[100_000], 100_000), 0, out);

        assertThat(kernels.downloadLongs(out)).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void computes_softmax_along_any_dimension(boolean log) {
        for (int[] shape : new int[][] {{6}, {4, 10}, {2, 3, 5}, {2, 3, 4, 5}, {3, 1}}) {
            double[] x = Bench.random(shape);
            for (int dim = 0; dim < shape.length; dim++) {
                Array out = bench.empty(shape);

                kernels.softmax(bench.array(x, shape), dim, log, out);

                bench.assertValues(out, softmax(x, shape, dim, log));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void computes_the_gradient_of_softmax_along_any_dimension(boolean log) {
        for (int[] shape : new int[][] {{6}, {4, 10}, {2, 3, 5}, {2, 3, 4, 5}, {3, 1}}) {
            double[] x = Bench.random(shape);
            double[] dy = Bench.seeded(5, shape);
            for (int dim = 0; dim < shape.length; dim++) {
                double[] y = softmax(x, shape, dim, log);
                Array dx = bench.empty(shape);

                kernels.softmaxGrad(bench.array(y, shape), bench.array(dy, shape), dim, log, dx);

                bench.assertValues(dx, softmaxGrad(y, dy, shape, dim, log));
            }
        }
    }

    @Test
    void softmax_of_huge_values_stays_finite() {
        Array x = bench.array(new double[] {1000, 0, -1000, -1000, -1000, -999}, 2, 3);
        Array out = bench.empty(2, 3);

        kernels.softmax(x, 1, true, out);
        bench.assertValues(
                out,
                0,
                -1000,
                -2000,
                -1 - Math.log(1 + 2 / Math.E),
                -1 - Math.log(1 + 2 / Math.E),
                -Math.log(1 + 2 / Math.E));
        kernels.softmax(x, 1, false, out);
        double e = 1 / (Math.E + 2);
        bench.assertValues(out, 1, 0, 0, e, e, Math.E / (Math.E + 2));
    }

    private static double[] softmax(double[] x, int[] shape, int dim, boolean log) {
        double[] e = Arrays.stream(x).map(Math::exp).toArray();
        double[] sums = Naive.broadcast(reduce(Reduce.SUM, e, shape, new int[] {dim}), reduced(shape, dim), shape);
        for (int i = 0; i < x.length; i++) {
            e[i] = log ? x[i] - Math.log(sums[i]) : e[i] / sums[i];
        }
        return e;
    }

    private static double[] softmaxGrad(double[] y, double[] dy, int[] shape, int dim, boolean log) {
        double[] out = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            out[i] = log ? dy[i] : dy[i] * y[i];
        }
        double[] sums = Naive.broadcast(reduce(Reduce.SUM, out, shape, new int[] {dim}), reduced(shape, dim), shape);
        for (int i = 0; i < y.length; i++) {
            out[i] = log ? dy[i] - Math.exp(y[i]) * sums[i] : y[i] * (dy[i] - sums[i]);
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 2048, 2049, 100_000})
    void finds_a_single_value_that_is_not_finite_wherever_it_is(int n) {
        double[] x = Bench.random(n);
        x[n / 2] = bench.type() == DataType.FLOAT ? Float.MAX_VALUE : Double.MAX_VALUE;
        x[n - 1] = -Float.MIN_VALUE;
        assertThat(kernels.isFinite(bench.array(x, n))).isTrue();
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            for (int at : new int[] {0, n / 2, n - 1}) {
                double[] y = x.clone();
                y[at] = bad;
                assertThat(kernels.isFinite(bench.array(y, n))).isFalse();
            }
        }
    }

    @Test
    void finds_what_is_not_finite_in_batch_last_images() {
        double[] x = Bench.random(2, 3, 5, 4);
        assertThat(kernels.isFinite(bench.image(Order.BATCH_LAST, x, 2, 3, 5, 4)))
                .isTrue();
        x[77] = Double.NaN;
        assertThat(kernels.isFinite(bench.image(Order.BATCH_LAST, x, 2, 3, 5, 4)))
                .isFalse();
    }
}
