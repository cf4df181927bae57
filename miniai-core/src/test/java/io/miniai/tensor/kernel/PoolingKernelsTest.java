package io.miniai.tensor.kernel;

import io.miniai.testing.Soak;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@KernelsContract
class PoolingKernelsTest {
    private final Bench bench;
    private final Kernels kernels;

    PoolingKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    static Stream<Geometry> windows() {
        Stream<Geometry> random = IntStream.range(0, 20).mapToObj(Windows::randomPooling);
        return Stream.of(Windows.pooling(), Windows.poolingInBands(), random).flatMap(w -> w);
    }

    private static int[] input(Geometry g) {
        return new int[] {g.n(), g.c(), g.h(), g.w()};
    }

    private static int[] output(Geometry g) {
        return new int[] {g.n(), g.c(), g.outH(), g.outW()};
    }

    @ParameterizedTest
    @MethodSource("windows")
    void takes_the_largest_value_of_each_window(Geometry g) {
        // All negative: a padding that counted as zero would win.
        double[] x = Arrays.stream(Bench.random(input(g))).map(v -> v - 3).toArray();
        for (Order order : Order.values()) {
            Array out = bench.emptyImage(order, output(g));

            kernels.maxPool2d(bench.image(order, x, input(g)), g, out);

            bench.assertValues(
                    out,
                    Arrays.stream(NaiveImages.firstLargest(x, g))
                            .mapToDouble(i -> x[i])
                            .toArray());
        }
    }

    @ParameterizedTest
    @MethodSource("windows")
    void gives_the_gradient_to_the_first_largest_value(Geometry g) {
        // Coarse, so that most windows hold their largest value more than once.
        double[] x = Arrays.stream(Bench.random(input(g))).map(Math::rint).toArray();
        double[] dy = Bench.random(output(g));
        int[] largest = NaiveImages.firstLargest(x, g);
        double[] y = new double[dy.length];
        double[] expected = new double[x.length];
        for (int i = 0; i < dy.length; i++) {
            y[i] = x[largest[i]];
            expected[largest[i]] += dy[i];
        }
        for (Order order : Order.values()) {
            Array dx = bench.emptyImage(order, input(g));

            kernels.maxPool2dGrad(
                    bench.image(order, x, input(g)),
                    bench.image(order, y, output(g)),
                    bench.image(order, dy, output(g)),
                    g,
                    dx);

            bench.assertValues(dx, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("windows")
    void averages_each_window_with_its_padding_as_zeros(Geometry g) {
        double[] x = Bench.random(input(g));
        double[] expected = new double[g.n() * g.c() * g.positions()];
        double kernel = g.kernelH() * g.kernelW();
        NaiveImages.patches(
                g,
                (n, c, source, k, p) ->
                        expected[(n * g.c() + c) * g.positions() + p] += source < 0 ? 0 : x[source] / kernel);
        for (Order order : Order.values()) {
            Array out = bench.emptyImage(order, output(g));

            kernels.avgPool2d(bench.image(order, x, input(g)), g, out);

            bench.assertValues(out, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("windows")
    void spreads_the_gradient_of_an_average_evenly(Geometry g) {
        double[] dy = Bench.random(output(g));
        double[] expected = new double[g.n() * g.c() * g.h() * g.w()];
        double kernel = g.kernelH() * g.kernelW();
        NaiveImages.patches(g, (n, c, source, k, p) -> {
            if (source >= 0) {
                expected[source] += dy[(n * g.c() + c) * g.positions() + p] / kernel;
            }
        });
        for (Order order : Order.values()) {
            Array dx = bench.emptyImage(order, input(g));

            kernels.avgPool2dGrad(bench.image(order, dy, output(g)), g, dx);

            bench.assertValues(dx, expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void repeats_every_pixel(int scale) {
        int[] small = {2, 3, 4, 5};
        int[] large = {2, 3, 4 * scale, 5 * scale};
        double[] x = Bench.random(small);
        double[] expected = new double[x.length * scale * scale];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = x[pixel(i, small, large, scale)];
        }
        for (Order order : Order.values()) {
            Array out = bench.emptyImage(order, large);

            kernels.upsampleNearest2d(bench.image(order, x, small), scale, out);

            bench.assertValues(out, expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void sums_the_gradient_of_repeated_pixels(int scale) {
        int[] small = {2, 3, 4, 5};
        int[] large = {2, 3, 4 * scale, 5 * scale};
        double[] dy = Bench.random(large);
        double[] expected = new double[2 * 3 * 4 * 5];
        for (int i = 0; i < dy.length; i++) {
            expected[pixel(i, small, large, scale)] += dy[i];
        }
        for (Order order : Order.values()) {
            Array dx = bench.emptyImage(order, small);

            kernels.upsampleNearest2dGrad(bench.image(order, dy, large), scale, dx);

            bench.assertValues(dx, expected);
        }
    }

    private static int pixel(int i, int[] small, int[] large, int scale) {
        int[] at = Naive.index(i, large);
        at[2] /= scale;
        at[3] /= scale;
        return Naive.position(at, small);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void thousands_of_random_windows_are_right() {
        int windows = Soak.scaled(5_000, 100);
        for (int i = 20; i < 20 + windows; i++) {
            Geometry g = Windows.randomPooling(i);
            try {
                takes_the_largest_value_of_each_window(g);
                gives_the_gradient_to_the_first_largest_value(g);
                averages_each_window_with_its_padding_as_zeros(g);
                spreads_the_gradient_of_an_average_evenly(g);
            } catch (Throwable e) {
                throw new AssertionError("random window %d: %s".formatted(i, g), e);
            }
        }
        System.out.printf("%s: %,d random windows%n", bench, windows);
    }
}
