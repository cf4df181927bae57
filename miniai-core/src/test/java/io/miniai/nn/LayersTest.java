package io.miniai.nn;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;
import static io.miniai.nn.Layers.deconv;
import static io.miniai.nn.Layers.ks;
import static io.miniai.nn.Layers.rng;
import static io.miniai.nn.Layers.stride;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.miniai.tensor.DType;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Shape;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import io.miniai.tensor.Window;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static Tensor images(int... shape) {
        return Tensor.rand(Rng.of(1), shape);
    }

    private static Shape shapeAfter(Module m, int... shape) {
        return m.apply(images(shape)).shape();
    }

    // ---- the lesson's models --------------------------------------------------------------------

    @Test
    void the_lessons_models_have_the_lessons_numbers_of_parameters() {
        assertThat(Models.cnn().numel()).isEqualTo(5_274);
        assertThat(Models.mlp().numel()).isEqualTo(39_760);
        assertThat(Models.autoencoder().numel()).isEqualTo(777);
        assertThat(Models.smallAutoencoder().numel()).isEqualTo(189);
    }

    @Test
    void the_lessons_models_give_the_lessons_shapes() {
        assertThat(shapeAfter(Models.cnn(), 16, 1, 28, 28)).isEqualTo(Shape.of(16, 10));
        assertThat(shapeAfter(Models.mlp(), 16, 1, 28, 28)).isEqualTo(Shape.of(16, 10));
        assertThat(shapeAfter(Models.autoencoder(), 16, 1, 28, 28)).isEqualTo(Shape.of(16, 1, 28, 28));
        assertThat(shapeAfter(Models.smallAutoencoder(), 16, 1, 28, 28)).isEqualTo(Shape.of(16, 1, 28, 28));
    }

    @Test
    void stride_2_halves_the_grid_28_14_7_4_2_1() {
        Sequential cnn = Models.cnn();
        int[] grids = {14, 7, 4, 2, 1};
        Tensor x = images(2, 1, 28, 28);
        for (int i = 0; i < grids.length; i++) {
            x = cnn.get(i).apply(x);
            assertThat(x.size(2)).isEqualTo(grids[i]);
            assertThat(x.size(3)).isEqualTo(grids[i]);
        }
    }

    @Test
    void stride_1_convolutions_alone_give_no_classifier() {
        Sequential m = Sequential.of(conv(1, 30, stride(1)), conv(30, 10, stride(1), act(false)));
        assertThat(shapeAfter(m, 16, 1, 28, 28)).isEqualTo(Shape.of(16, 10, 28, 28));
    }

    // ---- conv and deconv ------------------------------------------------------------------------

    @Test
    void conv_is_a_stride_2_convolution_with_relu() {
        assertThat(conv(1, 4)).hasToString("Sequential(\n  (0): Conv2d(1→4, 3×3, stride 2, padding 1)\n  (1): ReLU\n)");
        assertThat(conv(1, 4, ks(5), stride(1)).get(0)).hasToString("Conv2d(1→4, 5×5, padding 2)");
    }

    @Test
    void conv_without_activation_is_the_bare_convolution() {
        assertThat(conv(16, 10, act(false))).isInstanceOf(Conv2d.class);
    }

    @Test
    void deconv_doubles_the_grid() {
        assertThat(deconv(8, 4))
                .hasToString(
                        "Sequential(\n  (0): UpsampleNearest2d(2)\n  (1): Conv2d(8→4, 3×3, padding 1)\n  (2): ReLU\n)");
        assertThat(deconv(8, 4, act(false)).size()).isEqualTo(2);
        assertThat(shapeAfter(deconv(8, 4), 2, 8, 4, 4)).isEqualTo(Shape.of(2, 4, 8, 8));
    }

    @Test
    void deconv_refuses_a_stride() {
        assertThatThrownBy(() -> deconv(8, 4, stride(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deconv always doubles the image and takes no stride. Leave stride(…) out.");
    }

    @Test
    void conv_draws_from_the_generator_it_is_given() {
        Tensor a = conv(1, 4, rng(Rng.of(3))).parameters().get(0);
        Tensor b = new Conv2d(1, 4, Window.of(3), true, Rng.of(3)).weight();
        assertThat(a.toFloatArray()).containsExactly(b.toFloatArray());
    }

    // ---- single layers --------------------------------------------------------------------------

    @Test
    void an_odd_kernel_padded_by_its_half_keeps_the_size_and_an_even_one_adds_one() {
        assertThat(shapeAfter(new Conv2d(1, 1, Window.of(3).withPadding(1)), 1, 1, 5, 5))
                .isEqualTo(Shape.of(1, 1, 5, 5));
        assertThat(shapeAfter(new Conv2d(1, 1, Window.of(4).withPadding(2)), 1, 1, 5, 5))
                .isEqualTo(Shape.of(1, 1, 6, 6));
    }

    @Test
    void conv2d_takes_any_window() {
        Window w = new Window(3, 5, 2, 1, 1, 3, 1, 2);
        Conv2d m = new Conv2d(2, 3, w, false);
        assertThat(m).hasToString("Conv2d(2→3, 3×5, stride 2×1, padding 1×3, dilation 1×2, no bias)");
        assertThat(m.bias()).isNull();
        assertThat(m.weight().shape()).isEqualTo(Shape.of(3, 2, 3, 5));
        Tensor x = images(2, 2, 9, 11);
        assertThat(m.apply(x).toFloatArray())
                .containsExactly(x.conv2d(m.weight(), null, w).toFloatArray());
    }

    @Test
    void linear_is_a_product_with_the_transposed_weight_plus_bias() {
        Linear m = new Linear(2, 3);
        TensorUpdates.assign(m.weight(), Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
        TensorUpdates.assign(m.parameter("bias"), Tensor.of(new float[] {10, 20, 30}, 3));
        assertThat(m.apply(Tensor.of(new float[] {1, 1, 1, 2}, 2, 2)).toFloatArray())
                .containsExactly(13, 27, 41, 15, 31, 47);
        assertThat(shapeAfter(m, 4, 5, 2)).isEqualTo(Shape.of(4, 5, 3));
    }

    @Test
    void linear_without_bias_has_one_parameter() {
        assertThat(new Linear(2, 3, false).namedParameters().keySet()).containsExactly("weight");
    }

    @Test
    void layers_refuse_sizes_below_1() {
        assertThatThrownBy(() -> new Linear(0, 3)).hasMessage("Expected at least 1 input features of Linear; got 0.");
        assertThatThrownBy(() -> new Linear(3, -1))
                .hasMessage("Expected at least 1 output features of Linear; got -1.");
        assertThatThrownBy(() -> new Conv2d(0, 3, 3))
                .hasMessage("Expected at least 1 input channels of Conv2d; got 0.");
        assertThatThrownBy(() -> new Conv2d(3, 0, 3))
                .hasMessage("Expected at least 1 output channels of Conv2d; got 0.");
        assertThatThrownBy(() -> new UpsampleNearest2d(0))
                .hasMessage("Expected at least 1 scale of UpsampleNearest2d; got 0.");
    }

    @Test
    void pooling_windows_lie_side_by_side_by_default() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 4);
        assertThat(new MaxPool2d(2).apply(x).toFloatArray()).containsExactly(6, 8);
        assertThat(new AvgPool2d(2).apply(x).toFloatArray()).containsExactly(3.5f, 5.5f);
        assertThat(new MaxPool2d(2)).hasToString("MaxPool2d(2×2, stride 2)");
        assertThat(new AvgPool2d(Window.of(3).withPadding(1))).hasToString("AvgPool2d(3×3, padding 1)");
    }

    @Test
    void pooling_refuses_padding_of_more_than_half_the_kernel() {
        assertThatThrownBy(() -> new MaxPool2d(Window.of(2).withPadding(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected padding of at most half the pooling kernel; got kernel 2×2, padding 2×2.");
    }

    @Test
    void global_average_pooling_gives_one_mean_per_channel() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 10, 20, 30, 40}, 1, 2, 2, 2);
        Tensor y = new GlobalAvgPool2d().apply(x);
        assertThat(y.shape()).isEqualTo(Shape.of(1, 2));
        assertThat(y.toFloatArray()).containsExactly(2.5f, 25f);
    }

    @Test
    void upsampling_repeats_pixels() {
        Tensor x = Tensor.of(new float[] {1, 2}, 1, 1, 1, 2);
        assertThat(new UpsampleNearest2d(2).apply(x).toFloatArray()).containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
    }

    @Test
    void negative_padding_crops() {
        Tensor x = images(1, 2, 6, 6);
        assertThat(shapeAfter(new ZeroPad2d(1, 2, 3, 4), 1, 2, 6, 6)).isEqualTo(Shape.of(1, 2, 13, 9));
        Tensor back = new ZeroPad2d(-2).apply(new ZeroPad2d(2).apply(x));
        assertThat(back.toFloatArray()).containsExactly(x.toFloatArray());
        assertThat(new ZeroPad2d(2)).hasToString("ZeroPad2d(2)");
        assertThat(new ZeroPad2d(1, 2, 3, 4)).hasToString("ZeroPad2d(left 1, right 2, top 3, bottom 4)");
    }

    @Test
    void flatten_lays_out_channel_by_channel_also_after_a_convolution() {
        Tensor y = new Conv2d(1, 3, Window.of(3)).apply(images(2, 1, 4, 4));
        Tensor flat = new Flatten().apply(y);
        assertThat(flat.shape()).isEqualTo(Shape.of(2, 12));
        assertThat(flat.at(1, 5)).isEqualTo(y.at(1, 1, 0, 1));
    }

    @Test
    void flatten_leaves_rows_as_they_are() {
        assertThat(shapeAfter(new Flatten(), 4, 6)).isEqualTo(Shape.of(4, 6));
    }

    @Test
    void activations_work_on_each_element() {
        Tensor x = Tensor.of(new float[] {-1, 0, 2}, 3);
        assertThat(new ReLU().apply(x).toFloatArray()).containsExactly(0, 0, 2);
        assertThat(new Sigmoid().apply(x).toFloatArray())
                .containsExactly(new float[] {0.26894f, 0.5f, 0.8808f}, within(1e-4f));
        assertThat(new Tanh().apply(x).toFloatArray())
                .containsExactly(new float[] {-0.76159f, 0, 0.96403f}, within(1e-4f));
        assertThat(new Identity().apply(x)).isSameAs(x);
        Lambda square = new Lambda("square", Tensor::square);
        assertThat(square.apply(x).toFloatArray()).containsExactly(1, 0, 4);
        assertThat(square).hasToString("Lambda(square)");
    }

    @Test
    void image_layers_take_batches_only() {
        assertThatThrownBy(() -> new Conv2d(1, 4, 3).apply(images(28, 28)))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "Conv2d(1→4, 3×3): got [28, 28]. It needs images [N, C, H, W]. Put it before Flatten and Linear.");
        assertThatThrownBy(() -> new MaxPool2d(2).apply(images(3, 28, 28)))
                .hasMessage(
                        "MaxPool2d(2×2, stride 2): got [3, 28, 28]. It needs images [N, C, H, W]. Use x.unsqueeze(0) for a"
                                + " single image.");
    }

    // ---- dropout --------------------------------------------------------------------------------

    @Test
    void dropout_drops_its_share_and_scales_the_rest() {
        Tensor y = new Dropout(0.25, Rng.of(1)).apply(Tensor.ones(100, 100));
        float[] values = y.toFloatArray();
        int dropped = 0;
        for (float v : values) {
            assertThat(v).isIn(0f, 1 / 0.75f);
            dropped += v == 0 ? 1 : 0;
        }
        assertThat(dropped / 10_000.0).isCloseTo(0.25, within(0.02));
    }

    @Test
    void dropout_is_decided_by_its_generator_and_draws_anew_each_time() {
        Dropout a = new Dropout(0.5, Rng.of(7));
        Dropout b = new Dropout(0.5, Rng.of(7));
        float[] first = a.apply(Tensor.ones(64)).toFloatArray();
        assertThat(b.apply(Tensor.ones(64)).toFloatArray()).containsExactly(first);
        assertThat(a.apply(Tensor.ones(64)).toFloatArray()).isNotEqualTo(first);
    }

    @Test
    void dropout_lets_everything_through_in_evaluation_and_draws_nothing() {
        Dropout m = new Dropout(0.5, Rng.of(7));
        long state = m.rng().state();
        Tensor x = Tensor.ones(8);
        assertThat(m.eval().apply(x)).isSameAs(x);
        assertThat(m.rng().state()).isEqualTo(state);
    }

    @Test
    void dropout_keeps_the_type_and_lets_gradients_through_what_it_kept() {
        Tensor x = Tensor.zeros(DType.FLOAT64, 32).add(1).requiresGrad(true);
        Tensor y = new Dropout(0.5, Rng.of(7)).apply(x);
        assertThat(y.dtype()).isEqualTo(DType.FLOAT64);
        y.sum().backward();
        assertThat(x.grad().toFloatArray()).containsExactly(y.toFloatArray());
    }

    @Test
    void dropout_refuses_probabilities_outside_0_to_1() {
        for (double p : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> new Dropout(p))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Expected a dropout probability of at least 0 and below 1; got " + p + ".");
        }
        assertThat(new Dropout(0.5)).hasToString("Dropout(0.5)");
    }
}
