package io.miniai.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

/** The first half of the lesson, on its picture: MNIST's train[7], a 3, with bytes divided by 256 as in the lesson. */
class ConvolutionLessonTest {
    private static final Tensor TOP_EDGE = Tensor.of(new float[][] {{-1, -1, -1}, {0, 0, 0}, {1, 1, 1}});
    private static final Tensor LEFT_EDGE = TOP_EDGE.t();
    private static final Tensor DIAG_1 = Tensor.of(new float[][] {{0, -1, 1}, {-1, 1, 0}, {1, 0, 0}});
    private static final Tensor DIAG_2 = Tensor.of(new float[][] {{1, -1, 0}, {0, 1, -1}, {0, 0, 1}});

    private final Tensor image = image(256);

    private static Tensor image(float divisor) {
        float[] pixels = new float[28 * 28];
        try (InputStream in =
                        Objects.requireNonNull(ConvolutionLessonTest.class.getResourceAsStream("mnist-train-7.txt"));
                Scanner numbers = new Scanner(in, StandardCharsets.US_ASCII)) {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = numbers.nextInt() / divisor;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Tensor.of(pixels, 28, 28);
    }

    private static double patchTimesTopEdge(Tensor image, int row, int column) {
        return image.slice(0, row, row + 3)
                .slice(1, column, column + 3)
                .mul(TOP_EDGE)
                .sum()
                .item();
    }

    /** The lesson's apply_kernel: the kernel centred on a pixel. */
    private double applyKernel(int row, int column, Tensor kernel) {
        return image.slice(0, row - 1, row + 2)
                .slice(1, column - 1, column + 2)
                .mul(kernel)
                .sum()
                .item();
    }

    private Tensor mapByLoop(Tensor kernel) {
        float[] map = new float[26 * 26];
        for (int row = 1; row < 27; row++) {
            for (int column = 1; column < 27; column++) {
                map[(row - 1) * 26 + column - 1] = (float) applyKernel(row, column, kernel);
            }
        }
        return Tensor.of(map, 26, 26);
    }

    @Test
    void a_top_edge_answers_strongly_and_a_bottom_edge_negatively() {
        assertThat(patchTimesTopEdge(image, 3, 14)).isCloseTo(2.9727, within(5e-5));
        assertThat(patchTimesTopEdge(image, 7, 14)).isCloseTo(-2.9570, within(5e-5));
        assertThat(patchTimesTopEdge(image(255), 3, 14)).isCloseTo(2.984, within(5e-4));
    }

    @Test
    void unfold_lays_out_the_patches_as_columns() {
        assertThat(image.unfold(Window.of(3)).shape()).isEqualTo(Shape.of(9, 676));
    }

    @Test
    void loop_unfold_and_convolution_give_the_same_26_by_26_maps() {
        for (Tensor kernel : new Tensor[] {TOP_EDGE, LEFT_EDGE}) {
            Tensor loop = mapByLoop(kernel);
            Tensor unfolded =
                    kernel.reshape(9).matmul(image.unfold(Window.of(3))).reshape(26, 26);
            assertThat(unfolded.toFloatArray()).containsExactly(loop.toFloatArray(), within(1e-6f));
            Tensor convolved = image.reshape(1, 1, 28, 28)
                    .conv2d(kernel.reshape(1, 1, 3, 3), null, Window.of(3))
                    .reshape(26, 26);
            assertThat(convolved.toFloatArray()).containsExactly(loop.toFloatArray(), within(1e-6f));
            assertThat(loop.abs().max().item()).isGreaterThan(2);
        }
    }

    @Test
    void four_kernels_over_sixteen_images_are_one_call() {
        Tensor kernels = Tensor.stack(0, TOP_EDGE, LEFT_EDGE, DIAG_1, DIAG_2).unsqueeze(1);
        Tensor batch = image.expand(16, 1, 28, 28);
        Tensor maps = batch.conv2d(kernels, null, Window.of(3));
        assertThat(kernels.shape()).isEqualTo(Shape.of(4, 1, 3, 3));
        assertThat(maps.shape()).isEqualTo(Shape.of(16, 4, 26, 26));
        assertThat(maps.get(15).get(1).toFloatArray())
                .containsExactly(mapByLoop(LEFT_EDGE).toFloatArray(), within(1e-6f));
    }

    @Test
    void a_5_by_5_image_under_a_4_by_4_kernel_with_padding_2_gives_6_by_6() {
        Tensor out = Tensor.ones(1, 1, 5, 5)
                .conv2d(Tensor.ones(1, 1, 4, 4), null, Window.of(4).withPadding(2));
        assertThat(out.shape()).isEqualTo(Shape.of(1, 1, 6, 6));
        assertThat(out.at(0, 0, 0, 0)).isEqualTo(4);
        assertThat(out.at(0, 0, 2, 2)).isEqualTo(16);
    }
}
