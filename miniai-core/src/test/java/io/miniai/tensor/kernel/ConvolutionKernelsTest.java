package io.miniai.tensor.kernel;

import static io.miniai.tensor.kernel.Order.BATCH_LAST;
import static io.miniai.tensor.kernel.Order.CHANNELS_LAST;
import static io.miniai.tensor.kernel.Order.ROW_MAJOR;

import io.miniai.testing.Soak;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@KernelsContract
class ConvolutionKernelsTest {
    private static final List<Order> ORDERS = List.of(Order.values());

    private final Bench bench;
    private final Kernels kernels;

    ConvolutionKernelsTest(Bench bench) {
        this.bench = bench;
        this.kernels = bench.kernels();
    }

    static Stream<Geometry> windows() {
        return Windows.all();
    }

    static Stream<Geometry> convolutions() {
        return Stream.of(Windows.all(), Windows.upsampled(), Windows.ofOneImage(), Windows.ofManyImages())
                .flatMap(windows -> windows);
    }

    /** The sizes of the images in memory. */
    private static int[] input(Geometry g) {
        return new int[] {g.n(), g.c(), g.h() / g.upsample(), g.w() / g.upsample()};
    }

    /** The images that the window slides over. */
    private static double[] upsampled(double[] x, Geometry g) {
        double[] images = new double[g.n() * g.c() * g.h() * g.w()];
        for (int i = 0; i < images.length; i++) {
            images[i] = x[source(i, g)];
        }
        return images;
    }

    /** Where a pixel of the images that the window slides over comes from. */
    private static int source(int pixel, Geometry g) {
        int s = g.upsample();
        int column = pixel % g.w();
        int row = pixel / g.w() % g.h();
        int plane = pixel / g.w() / g.h();
        return (plane * (g.h() / s) + row / s) * (g.w() / s) + column / s;
    }

    @ParameterizedTest
    @MethodSource("windows")
    void unfolds_patches_into_columns(Geometry g) {
        double[] x = Bench.random(input(g));
        for (Order order : Order.values()) {
            Array columns = bench.empty(g.n(), g.patch(), g.positions());

            kernels.unfold(bench.image(order, x, input(g)), g, columns);

            bench.assertValues(columns, NaiveImages.unfold(x, g));
        }
    }

    @ParameterizedTest
    @MethodSource("windows")
    void folds_columns_into_sums(Geometry g) {
        double[] columns = Bench.random(g.n(), g.patch(), g.positions());
        for (Order order : Order.values()) {
            Array x = bench.emptyImage(order, input(g));

            kernels.fold(bench.array(columns, g.n(), g.patch(), g.positions()), g, x);

            bench.assertValues(x, NaiveImages.fold(columns, g));
        }
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolves(Geometry g) {
        convolve(g, 5, true, false, ROW_MAJOR, ROW_MAJOR);
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolves_channels_last_images(Geometry g) {
        convolve(g, 5, true, false, CHANNELS_LAST, CHANNELS_LAST);
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolves_batch_last_images(Geometry g) {
        convolve(g, 5, true, false, BATCH_LAST, BATCH_LAST);
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolves_without_bias_and_with_relu_and_mixed_memory_orders(Geometry g) {
        convolve(g, 1, false, true, CHANNELS_LAST, ROW_MAJOR);
        convolve(g, 2, true, true, ROW_MAJOR, CHANNELS_LAST);
        convolve(g, 3, false, false, BATCH_LAST, ROW_MAJOR);
        convolve(g, 4, true, true, ROW_MAJOR, BATCH_LAST);
    }

    private void convolve(Geometry g, int o, boolean withBias, boolean relu, Order xOrder, Order outOrder) {
        double[] x = Bench.seeded(1, input(g));
        int[] weightShape = {o, g.c(), g.kernelH(), g.kernelW()};
        double[] w = Bench.seeded(2, weightShape);
        double[] b = withBias ? Bench.seeded(3, o) : new double[o];
        Array bias = withBias ? bench.array(b, o) : null;
        Array out = bench.emptyImage(outOrder, g.n(), o, g.outH(), g.outW());

        kernels.conv2d(bench.image(xOrder, x, input(g)), bench.array(w, weightShape), bias, g, relu, out);

        bench.assertValues(out, NaiveImages.conv2d(upsampled(x, g), w, b, o, g, relu));
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void computes_all_gradients(Geometry g) {
        gradients(g, 5, ROW_MAJOR, false, true, true, true);
        gradients(g, 3, CHANNELS_LAST, false, true, true, true);
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void computes_all_gradients_of_images_in_every_memory_order_behind_a_relu(Geometry g) {
        gradients(g, 4, ROW_MAJOR, true, true, true, true);
        gradients(g, 2, CHANNELS_LAST, true, true, true, true);
        gradients(g, 3, BATCH_LAST, true, true, true, true);
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void computes_only_the_gradients_that_are_wanted(Geometry g) {
        gradients(g, 3, ROW_MAJOR, true, true, false, false);
        gradients(g, 3, ROW_MAJOR, false, false, true, false);
        gradients(g, 3, CHANNELS_LAST, true, false, false, true);
        gradients(g, 3, BATCH_LAST, true, false, true, true);
        gradients(g, 3, CHANNELS_LAST, false, false, false, false);
    }

    private void gradients(Geometry g, int o, Order order, boolean relu, boolean x, boolean w, boolean b) {
        int[] weightShape = {o, g.c(), g.kernelH(), g.kernelW()};
        int[] outShape = {g.n(), o, g.outH(), g.outW()};
        double[] input = Bench.seeded(1, input(g));
        double[] weight = Bench.seeded(2, weightShape);
        double[] dy = Bench.seeded(3, outShape);
        double[] images = upsampled(input, g);
        double[] y = NaiveImages.conv2d(images, weight, new double[o], o, g, true);
        Array dx = x ? bench.emptyImage(order, input(g)) : null;
        Array dw = w ? bench.empty(weightShape) : null;
        Array db = b ? bench.empty(o) : null;

        kernels.conv2dGrad(
                bench.image(order, input, input(g)),
                bench.array(weight, weightShape),
                g,
                relu ? bench.image(order, y, outShape) : null,
                bench.image(order, dy, outShape),
                dx,
                dw,
                db);

        double[] slope = dy.clone();
        for (int i = 0; relu && i < dy.length; i++) {
            slope[i] = y[i] > 0 ? dy[i] : 0;
        }
        NaiveImages.Gradients expected = NaiveImages.conv2dGrad(images, weight, o, g, slope);
        double[] sums = new double[input.length];
        for (int i = 0; i < expected.x.length; i++) {
            sums[source(i, g)] += expected.x[i];
        }
        compare(dx, sums);
        compare(dw, expected.weight);
        compare(db, expected.bias);
    }

    private void compare(@Nullable Array actual, double[] expected) {
        if (actual != null) {
            bench.assertSums(actual, expected);
        }
    }

    @Test
    void a_large_batch_gives_what_its_images_give_one_by_one() {
        Geometry g = Windows.of(new int[] {67, 3, 9, 9}, 3, 3, 2, 2, 1, 1, 1, 1);

        convolve(g, 6, true, true, ROW_MAJOR, ROW_MAJOR);
        gradients(g, 6, ROW_MAJOR, true, true, true, true);
    }

    @Test
    void a_large_batch_of_one_channel_gives_what_its_images_give_one_by_one() {
        Geometry g = Windows.of(new int[] {67, 1, 28, 28}, 3, 3, 2, 2, 1, 1, 1, 1);

        convolve(g, 4, true, true, ROW_MAJOR, ROW_MAJOR);
        gradients(g, 4, ROW_MAJOR, true, false, true, true);
    }

    @Test
    void gradients_of_weights_too_large_to_be_summed_in_many_parts_are_right() {
        Geometry g = Windows.of(new int[] {34, 200, 3, 3}, 3, 3, 1, 1, 1, 1, 1, 1);

        gradients(g, 5, ROW_MAJOR, true, true, true, true);
        gradients(g, 5, BATCH_LAST, false, false, true, true);
    }

    @Test
    void one_image_whose_channels_threads_share_is_convolved() {
        Geometry g = Windows.of(new int[] {1, 16, 28, 28}, 3, 3, 1, 1, 1, 1, 1, 1);

        convolve(g, 200, true, true, ROW_MAJOR, ROW_MAJOR);
    }

    @Test
    void random_windows_are_right() {
        randomWindows(0, 40);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void thousands_of_random_windows_are_right() {
        int windows = Soak.scaled(5_000, 100);
        randomWindows(40, windows);
        System.out.printf("%s: %,d random windows%n", bench, windows);
    }

    private void randomWindows(int first, int count) {
        for (int i = first; i < first + count; i++) {
            Geometry g = Windows.random(i);
            SplittableRandom random = new SplittableRandom(i);
            int outputs = random.nextInt(1, 10);
            boolean relu = random.nextBoolean();
            try {
                convolve(g, outputs, random.nextBoolean(), relu, order(random), order(random));
                gradients(
                        g,
                        outputs,
                        order(random),
                        relu,
                        random.nextInt(4) > 0,
                        random.nextInt(4) > 0,
                        random.nextInt(4) > 0);
            } catch (Throwable e) {
                throw new AssertionError("random window %d, %d outputs, relu %s: %s".formatted(i, outputs, relu, g), e);
            }
        }
    }

    private static Order order(SplittableRandom random) {
        return ORDERS.get(random.nextInt(ORDERS.size()));
    }
}
