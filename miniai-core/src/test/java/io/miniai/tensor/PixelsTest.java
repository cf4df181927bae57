package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tensors of images that are bytes until somebody reads them. */
class PixelsTest {
    private static final int SIZE = 2 * 6 * 6;

    /** Each byte becomes itself in the first channel, and its tenth in the second. */
    private static final float[][] VALUES = new float[2][256];

    static {
        for (int i = 0; i < 256; i++) {
            VALUES[0][i] = i;
            VALUES[1][i] = i / 10f;
        }
    }

    /** Image k has its bytes in a common array from 3 + 72·k on: k, k + 1, … */
    private static Tensor images(int count) {
        byte[] bytes = new byte[3 + count * SIZE];
        byte[][] arrays = new byte[count][];
        int[] starts = new int[count];
        for (int k = 0; k < count; k++) {
            arrays[k] = bytes;
            starts[k] = 3 + k * SIZE;
            for (int i = 0; i < SIZE; i++) {
                bytes[starts[k] + i] = (byte) (200 + k + i);
            }
        }
        return Tensor.ofPixels(arrays, starts, VALUES, 6, 6);
    }

    private static float[] expected(int count) {
        float[] values = new float[count * SIZE];
        for (int i = 0; i < values.length; i++) {
            int at = i % SIZE;
            values[i] = VALUES[at / 36][(200 + i / SIZE + at) & 0xff];
        }
        return values;
    }

    @Test
    void have_a_shape_and_values_like_any_other_tensor() {
        Tensor x = images(3);
        assertThat(x.shape()).isEqualTo(Shape.of(3, 2, 6, 6));
        assertThat(x.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(x.toFloatArray()).isEqualTo(expected(3));
        assertThat(images(3).reshape(3, -1).toFloatArray()).isEqualTo(expected(3));
        assertThat(images(3).add(1).slice(0, 2, 3).add(-1).sum().item())
                .isEqualTo(images(3).slice(0, 2, 3).sum().item());
    }

    @Test
    void give_the_same_as_floats_to_a_convolution_and_afterwards() {
        for (int count : new int[] {1, 3, 40, 300}) {
            Tensor weight = Tensor.randn(Rng.of(1), 4, 2, 3, 3).requiresGrad(true);
            Tensor same = Tensor.randn(Rng.of(1), 4, 2, 3, 3).requiresGrad(true);
            Tensor x = images(count);
            Tensor floats = Tensor.of(expected(count), count, 2, 6, 6);

            Tensor y = x.conv2d(weight, null, Window.of(3).withStride(2).withPadding(1));
            Tensor reference =
                    floats.conv2d(same, null, Window.of(3).withStride(2).withPadding(1));
            y.square().mean().backward();
            reference.square().mean().backward();

            assertThat(y.toFloatArray()).isEqualTo(reference.toFloatArray());
            assertThat(weight.grad().toFloatArray()).isEqualTo(same.grad().toFloatArray());
            assertThat(x.toFloatArray()).isEqualTo(expected(count));
        }
    }

    @Test
    void can_have_a_gradient() {
        Tensor x = images(40).requiresGrad(true);
        Tensor floats = Tensor.of(expected(40), 40, 2, 6, 6).requiresGrad(true);
        Tensor weight = Tensor.randn(Rng.of(2), 3, 2, 3, 3);

        x.conv2d(weight, null, Window.of(3).withPadding(1)).square().mean().backward();
        floats.conv2d(weight, null, Window.of(3).withPadding(1)).square().mean().backward();

        assertThat(x.grad().toFloatArray()).isEqualTo(floats.grad().toFloatArray());
    }

    @Test
    void belong_to_the_step_that_made_them_however_late_they_are_read() {
        Workspace step = new Workspace();
        Workspace other = new Workspace();
        Tensor outside = images(2);
        Tensor lost;
        Tensor kept;
        Tensor unread;
        try (var inside = step.enter()) {
            assertThat(outside.sum().item()).isPositive();
            lost = images(2);
            kept = images(2).keep();
            unread = images(2);
            assertThat(lost.sum().item()).isPositive();
        }
        step.release();
        assertThatThrownBy(lost::toFloatArray).hasMessageContaining("training step that has ended");
        assertThat(lost.isReleased()).isTrue();
        assertThat(kept.toFloatArray()).isEqualTo(expected(2));
        try (var inside = other.enter()) {
            assertThat(unread.sum().item()).isPositive();
        }
        other.release();
        assertThat(unread.toFloatArray()).isEqualTo(expected(2));
        assertThat(outside.toFloatArray()).isEqualTo(expected(2));
    }

    @Test
    void are_read_by_many_threads_at_once() {
        for (int round = 0; round < 50; round++) {
            Tensor x = images(40);
            Tensor weight = Tensor.ones(1, 2, 3, 3);
            float[] first = Tensor.of(expected(40), 40, 2, 6, 6)
                    .conv2d(weight, null, Window.of(3).withPadding(1))
                    .toFloatArray();
            assertThat(IntStream.range(0, 8)
                            .parallel()
                            .mapToObj(i -> i % 2 == 0
                                    ? x.conv2d(weight, null, Window.of(3).withPadding(1))
                                            .toFloatArray()
                                    : x.toFloatArray()))
                    .allSatisfy(got -> assertThat(got).isIn(first, expected(40)));
        }
    }

    @Test
    void refuse_what_does_not_fit() {
        byte[][] one = {new byte[SIZE + 2]};
        assertThatThrownBy(() -> Tensor.ofPixels(one, new int[] {3}, VALUES, 6, 6))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Expected 72 bytes of image 0 from 3 on; got an array of 74.");
        assertThatThrownBy(() -> Tensor.ofPixels(one, new int[] {-1}, VALUES, 6, 6))
                .hasMessage("Expected 72 bytes of image 0 from -1 on; got an array of 74.");
        assertThatThrownBy(() -> Tensor.ofPixels(one, new int[2], VALUES, 6, 6))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Expected a start for each of 1 images; got 2.");
        assertThatThrownBy(() -> Tensor.ofPixels(one, new int[1], new float[2][255], 6, 6))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Expected 256 values for each channel; got 255.");
    }
}
