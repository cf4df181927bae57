package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

@KernelsContract
class ElementwiseKernelsTest {
    private static final int[] IMAGE = {2, 3, 5, 7};

    private final Bench bench;
    private final Kernels kernels;

    ElementwiseKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    static double apply(Unary op, double x) {
        return switch (op) {
            case NEG -> -x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case ABS -> Math.abs(x);
            case SQUARE -> x * x;
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case TANH -> Math.tanh(x);
            case RELU -> Math.max(0, x);
        };
    }

    /** The derivative at x. */
    static double slope(Unary op, double x) {
        double y = apply(op, x);
        return switch (op) {
            case NEG -> -1;
            case EXP -> y;
            case LOG -> 1 / x;
            case SQRT -> 0.5 / y;
            case ABS -> Math.signum(x);
            case SQUARE -> 2 * x;
            case SIGMOID -> y * (1 - y);
            case TANH -> 1 - y * y;
            case RELU -> x > 0 ? 1 : 0;
        };
    }

    static double apply(Binary op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> Math.pow(a, b);
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case EQ -> a == b ? 1 : 0;
            case NE -> a != b ? 1 : 0;
            case GT -> a > b ? 1 : 0;
            case GE -> a >= b ? 1 : 0;
            case LT -> a < b ? 1 : 0;
            case LE -> a <= b ? 1 : 0;
        };
    }

    private static double[] inputs(Unary op, int... shape) {
        double[] x = Bench.random(shape);
        if (op == Unary.LOG || op == Unary.SQRT) {
            return map(x, x, (a, b) -> (float) (Math.abs(a) + 0.25));
        }
        x[1] = 0;
        return x;
    }

    /** Coarse values, so that some pairs are equal; positive for powers. */
    private static double[] inputs(Binary op, long seed, int... shape) {
        double[] x = Bench.seeded(seed, shape);
        return map(
                x,
                x,
                (a, b) -> op == Binary.POW || op == Binary.DIV ? Math.rint(a * 2) / 2 + 2.5 : Math.rint(a * 2) / 2);
    }

    private static double[] map(double[] a, double[] b, DoubleBinaryOperator f) {
        double[] out = new double[a.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = f.applyAsDouble(a[i], b[i]);
        }
        return out;
    }

    /** The result array of a comparison is float32, whatever was compared. */
    private Array result(Binary op, int... shape) {
        return op.isComparison() ? bench.floats(new double[(int) Array.length(shape)], shape) : bench.empty(shape);
    }

    @ParameterizedTest
    @EnumSource
    void applies_functions_of_one_argument(Unary op) {
        double[] x = inputs(op, 3, 41);
        Array out = bench.empty(3, 41);

        kernels.unary(op, bench.array(x, 3, 41), out);

        bench.assertValues(out, map(x, x, (a, b) -> apply(op, a)));
    }

    @ParameterizedTest
    @EnumSource
    void applies_functions_of_one_argument_to_batch_last_images(Unary op) {
        double[] x = inputs(op, IMAGE);
        Array out = bench.emptyImage(Order.BATCH_LAST, IMAGE);

        kernels.unary(op, bench.image(Order.BATCH_LAST, x, IMAGE), out);

        bench.assertValues(out, map(x, x, (a, b) -> apply(op, a)));
    }

    @ParameterizedTest
    @EnumSource
    void multiplies_the_slope_into_the_gradient(Unary op) {
        for (Order order : Order.values()) {
            double[] x = inputs(op, IMAGE);
            double[] dy = Bench.seeded(7, IMAGE);
            double[] saved = op.savesOutput() ? map(x, x, (a, b) -> apply(op, a)) : x;
            Array dx = bench.emptyImage(order, IMAGE);

            kernels.unaryGrad(op, bench.image(order, saved, IMAGE), bench.image(order, dy, IMAGE), dx);

            bench.assertValues(dx, map(x, dy, (a, g) -> slope(op, a) * g));
        }
    }

    @Test
    void exponentiates_large_and_small_values_without_surprise() {
        Array x = bench.array(new double[] {-1000, -80, 0, 80, 1000}, 5);
        Array out = bench.empty(5);

        kernels.unary(Unary.EXP, x, out);
        bench.assertValues(out, 0, Math.exp(-80), 1, Math.exp(80), Double.POSITIVE_INFINITY);
        kernels.unary(Unary.SIGMOID, x, out);
        bench.assertValues(out, 0, 0, 1 / 2.0, 1, 1);
        kernels.unary(Unary.TANH, x, out);
        bench.assertValues(out, -1, -1, 0, 1, 1);
    }

    @ParameterizedTest
    @EnumSource
    void combines_arrays_of_equal_sizes(Binary op) {
        double[] a = inputs(op, 1, 4, 33);
        double[] b = inputs(op, 2, 4, 33);
        Array out = result(op, 4, 33);

        kernels.binary(op, bench.array(a, 4, 33), bench.array(b, 4, 33), out);

        bench.assertValues(out, map(a, b, (p, q) -> apply(op, p, q)));
    }

    @ParameterizedTest
    @EnumSource(names = {"ADD", "SUB", "MUL", "DIV", "MAX", "MIN"})
    void combines_batch_last_images(Binary op) {
        double[] a = inputs(op, 1, IMAGE);
        double[] b = inputs(op, 2, IMAGE);
        Array out = bench.emptyImage(Order.BATCH_LAST, IMAGE);

        kernels.binary(op, bench.image(Order.BATCH_LAST, a, IMAGE), bench.image(Order.BATCH_LAST, b, IMAGE), out);

        bench.assertValues(out, map(a, b, (p, q) -> apply(op, p, q)));
    }

    @ParameterizedTest
    @EnumSource
    void broadcasts_like_numpy(Binary op) {
        int[][][] cases = {
            {{2, 3}, {3}, {2, 3}},
            {{3}, {2, 3}, {2, 3}},
            {{2, 1}, {1, 3}, {2, 3}},
            {{2, 1}, {2, 3}, {2, 3}},
            {{}, {2, 3}, {2, 3}},
            {{2, 3}, {}, {2, 3}},
            {{1}, {4}, {4}},
            {{}, {1}, {1}},
            {{2, 3, 4, 5}, {1, 3, 1, 1}, {2, 3, 4, 5}},
            {{4, 1}, {2, 3, 1, 5}, {2, 3, 4, 5}},
            {{2, 3, 1, 1}, {2, 3, 4, 5}, {2, 3, 4, 5}},
            {{1, 1, 4, 5}, {2, 3, 4, 5}, {2, 3, 4, 5}},
        };
        for (int[][] c : cases) {
            double[] a = inputs(op, 1, c[0]);
            double[] b = inputs(op, 2, c[1]);
            Array out = result(op, c[2]);

            kernels.binary(op, bench.array(a, c[0]), bench.array(b, c[1]), out);

            double[] wide = Naive.broadcast(a, c[0], c[2]);
            double[] other = Naive.broadcast(b, c[1], c[2]);
            bench.assertValues(out, map(wide, other, (p, q) -> apply(op, p, q)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void stretches_what_meets_images_in_every_memory_order(Order order) {
        int[] image = {3, 4, 5, 6};
        int[][] others = {
            {1, 4, 1, 1},
            {4, 1, 1},
            {3, 1, 1, 1},
            {3, 4, 1, 1},
            {1, 1, 5, 6},
            {5, 6},
            {6},
            {1, 1, 5, 1},
            {1},
            {1, 4, 5, 6}
        };
        double[] a = Bench.seeded(1, image);
        for (int[] shape : others) {
            double[] b = Bench.seeded(2, shape);
            double[] wide = Naive.broadcast(b, shape, image);
            for (Order other : shape.length == 4 ? Order.values() : new Order[] {Order.ROW_MAJOR}) {
                Array right = shape.length == 4 ? bench.image(other, b, shape) : bench.array(b, shape);
                Array difference = bench.emptyImage(order, image);
                Array opposite = bench.emptyImage(order, image);
                Array greater = Array.allocateImage(DataType.FLOAT, order, image);
                Array stretched = bench.emptyImage(order, image);

                kernels.binary(Binary.SUB, bench.image(order, a, image), right, difference);
                kernels.binary(Binary.SUB, right, bench.image(order, a, image), opposite);
                kernels.binary(Binary.GT, bench.image(order, a, image), right, greater);
                kernels.broadcast(right, stretched);

                bench.assertValues(difference, map(a, wide, (p, q) -> p - q));
                bench.assertValues(opposite, map(wide, a, (p, q) -> p - q));
                bench.assertValues(greater, map(a, wide, (p, q) -> p > q ? 1 : 0));
                bench.assertValues(stretched, wide);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EQ", "NE", "GT", "GE", "LT", "LE"})
    void compares_int64(Binary op) {
        Array out = bench.floats(new double[4], 4);
        long big = (1L << 53) + 1;

        kernels.binary(
                op, bench.longs(new long[] {1, 2, 3, big}, 4), bench.longs(new long[] {1, 3, 2, big - 1}, 4), out);

        assertThat(kernels.downloadDoubles(out))
                .containsExactly(apply(op, 1, 1), apply(op, 2, 3), apply(op, 3, 2), apply(op, 1, 0));
    }

    @ParameterizedTest
    @EnumSource
    void combines_with_a_scalar(Binary op) {
        double[] a = inputs(op, 1, IMAGE);
        for (Order order : Order.values()) {
            for (double s : new double[] {1.5, 0.5, 2, 3}) {
                Array out = op.isComparison()
                        ? Array.allocateImage(org.nd4j.linalg.api.buffer.DataType.FLOAT, order, IMAGE)
                        : bench.emptyImage(order, IMAGE);

                kernels.scalar(op, bench.image(order, a, IMAGE), s, out);

                bench.assertValues(out, map(a, a, (p, q) -> apply(op, p, s)));
            }
        }
    }

    @Test
    void compares_int64_with_a_scalar_that_is_no_integer() {
        Array out = bench.floats(new double[3], 3);

        kernels.scalar(Binary.LT, bench.longs(new long[] {1, 2, 3}, 3), 1.5, out);
        assertThat(kernels.downloadDoubles(out)).containsExactly(1, 0, 0);
        kernels.scalar(Binary.EQ, bench.longs(new long[] {1, 2, 3}, 3), 2, out);
        assertThat(kernels.downloadDoubles(out)).containsExactly(0, 1, 0);
    }

    @ParameterizedTest
    @CsvSource({"2, 4, 9", "3, -1, -1.5", "3, -8, -27"})
    void raises_negative_values_to_whole_powers(double exponent, double a, double b) {
        double[] x = {a, b};
        Array out = bench.empty(2);

        kernels.scalar(Binary.POW, bench.array(x, 2), exponent, out);

        bench.assertValues(out, Math.pow(a, exponent), Math.pow(b, exponent));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, -1, 0, 0.3, -2.5})
    void adds_a_multiple_in_place(double factor) {
        double[] src = Bench.seeded(1, IMAGE);
        double[] dst = Bench.seeded(2, IMAGE);
        for (Order order : Order.values()) {
            Array sum = bench.image(order, dst, IMAGE);

            kernels.axpy(factor, bench.image(order, src, IMAGE), sum);

            bench.assertValues(sum, map(dst, src, (d, s) -> d + factor * s));
        }
    }

    @Test
    void adds_a_multiple_of_an_array_to_itself() {
        double[] values = Bench.random(100);
        Array a = bench.array(values, 100);

        kernels.axpy(-0.75, a, a);

        bench.assertValues(a, map(values, values, (d, s) -> 0.25 * d));
    }

    @Test
    void clamps_to_both_bounds() {
        double[] x = Bench.random(IMAGE);
        for (Order order : Order.values()) {
            Array out = bench.emptyImage(order, IMAGE);

            kernels.clamp(bench.image(order, x, IMAGE), -0.5, 1.25, out);

            bench.assertValues(out, map(x, x, (a, b) -> Math.min(1.25, Math.max(-0.5, a))));
        }
    }

    @Test
    void clamps_to_one_bound_when_the_other_is_infinite() {
        double[] x = Bench.random(10);
        Array out = bench.empty(10);

        kernels.clamp(bench.array(x, 10), 0, Double.POSITIVE_INFINITY, out);

        bench.assertValues(out, map(x, x, (a, b) -> Math.max(0, a)));
    }

    @Test
    void chooses_by_a_condition_even_next_to_nan() {
        Array condition = bench.floats(new double[] {1, 0, 0.5, -2, 0, 0}, 2, 3);
        Array a = bench.array(new double[] {1, Double.NaN, 3, 4, Double.NaN, 6}, 2, 3);
        Array b = bench.array(new double[] {Double.NaN, -2, -3, Double.NaN, -5, -6}, 2, 3);
        Array out = bench.empty(2, 3);

        kernels.where(condition, a, b, out);

        bench.assertValues(out, 1, -2, 3, 4, -5, -6);
    }
}
