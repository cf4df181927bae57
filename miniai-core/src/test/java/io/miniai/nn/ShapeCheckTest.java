package io.miniai.nn;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;
import static io.miniai.nn.Layers.stride;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.tensor.DType;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Shape;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ShapeCheckTest {
    private static final Window DOWN = Window.of(3).withStride(2).withPadding(1);

    private static void assertMisfit(Module m, Shape in, String message) {
        assertThatThrownBy(() -> ShapeCheck.check(m, in))
                .isInstanceOf(ShapeException.class)
                .hasMessage(message);
        // The same words without the check, when the model simply runs.
        assertThatThrownBy(() -> m.apply(Tensor.zeros(in.toArray())))
                .isInstanceOf(ShapeException.class)
                .hasMessage(message);
    }

    @Test
    void gives_the_output_shape_when_all_fits() {
        assertThat(ShapeCheck.check(Models.cnn(), Shape.of(16, 1, 28, 28))).isEqualTo(Shape.of(16, 10));
        assertThat(Models.autoencoder().outputShape(Shape.of(5, 1, 28, 28))).isEqualTo(Shape.of(5, 1, 28, 28));
    }

    @Nested
    class AMisfit {
        @Test
        void of_a_linear_head_names_layer_giver_and_fix() {
            Module m = Sequential.of(
                    new Conv2d(1, 16, DOWN),
                    new ReLU(),
                    new Conv2d(16, 32, DOWN),
                    new ReLU(),
                    new Conv2d(32, 64, DOWN),
                    new ReLU(),
                    new Flatten(),
                    new Linear(576, 10));
            assertMisfit(
                    m,
                    Shape.of(64, 1, 28, 28),
                    "layer 7 Linear(576→10): got [64, 1024]; layer 4 Conv2d gives [64, 64, 4, 4]. Use Linear(1024, 10).");
        }

        @Test
        void of_an_image_before_a_linear_layer_asks_for_flatten() {
            assertMisfit(
                    Sequential.of(new Linear(784, 50), new ReLU()),
                    Shape.of(64, 1, 28, 28),
                    "layer 0 Linear(784→50): got [64, 1, 28, 28]. Put new Flatten() before it.");
            assertMisfit(
                    Sequential.of(conv(1, 4), new Linear(784, 10)),
                    Shape.of(64, 1, 20, 20),
                    "layer 1 Linear(784→10): got [64, 4, 10, 10]; layer 0.0 Conv2d gives [64, 4, 10, 10]. Put new Flatten()"
                            + " before it and use Linear(400, 10).");
        }

        @Test
        void of_features_that_only_were_flattened_shows_the_input() {
            assertMisfit(
                    Models.mlp(),
                    Shape.of(64, 3, 28, 28),
                    "layer 1 Linear(784→50): got [64, 2352]; the model's input is [64, 3, 28, 28]. Use Linear(2352, 50).");
        }

        @Test
        void of_channels_says_how_many_come() {
            assertMisfit(
                    Sequential.of(conv(1, 4), conv(8, 16)),
                    Shape.of(64, 1, 28, 28),
                    "layer 1.0 Conv2d(8→16, 3×3, stride 2, padding 1): got [64, 4, 14, 14]; layer 0.0 Conv2d gives"
                            + " [64, 4, 14, 14]. It needs 8 channels. Use Conv2d(4, …).");
        }

        @Test
        void of_a_kernel_larger_than_the_padded_input_says_the_padding_that_fits() {
            assertMisfit(
                    Sequential.of(conv(1, 4), new Conv2d(4, 4, 5)),
                    Shape.of(8, 1, 6, 6),
                    "layer 1 Conv2d(4→4, 5×5): got [8, 4, 3, 3]; layer 0.0 Conv2d gives [8, 4, 3, 3]. The 5×5 kernel is larger"
                            + " than the padded input 3×3. Use padding 1 or a smaller kernel, or shrink the image less before.");
            assertThatCode(() -> new Conv2d(4, 4, Window.of(5).withPadding(1)).outputShape(Shape.of(8, 4, 3, 3)))
                    .doesNotThrowAnyException();
            assertMisfit(
                    new Conv2d(1, 1, Window.of(3).withDilation(3).withPadding(1)),
                    Shape.of(1, 1, 4, 9),
                    "Conv2d(1→1, 3×3, padding 1, dilation 3): got [1, 1, 4, 9]. The 3×3 kernel, spread to 7×7 by its dilation,"
                            + " is larger than the padded input 6×11. Use padding 2 or a smaller kernel, or shrink the image less"
                            + " before.");
            assertMisfit(
                    new MaxPool2d(2),
                    Shape.of(1, 1, 1, 1),
                    "MaxPool2d(2×2, stride 2): got [1, 1, 1, 1]. The 2×2 kernel is larger than the padded input 1×1. Use padding"
                            + " 1 or a smaller kernel, or shrink the image less before.");
        }

        @Test
        void of_rows_before_an_image_layer_says_how_to_make_images() {
            assertMisfit(
                    Models.cnn(),
                    Shape.of(64, 784),
                    "layer 0.0 Conv2d(1→4, 3×3, stride 2, padding 1): got [64, 784]. It needs images [N, C, H, W]. Use"
                            + " x.reshape(-1, 1, 28, 28) before it.");
            assertMisfit(
                    Sequential.of(new Flatten(), new Linear(784, 50), new MaxPool2d(2)),
                    Shape.of(64, 1, 28, 28),
                    "layer 2 MaxPool2d(2×2, stride 2): got [64, 50]; layer 1 Linear gives [64, 50]. It needs images"
                            + " [N, C, H, W]. Put it before Flatten and Linear.");
        }

        @Test
        void of_images_without_channels_says_which_dimension_is_missing() {
            assertMisfit(
                    new Conv2d(1, 4, 3),
                    Shape.of(64, 28, 28),
                    "Conv2d(1→4, 3×3): got [64, 28, 28]. It needs images [N, C, H, W]. Use x.unsqueeze(1) for grey images.");
            assertMisfit(
                    new Conv2d(3, 4, 3),
                    Shape.of(3, 28, 28),
                    "Conv2d(3→4, 3×3): got [3, 28, 28]. It needs images [N, C, H, W]. Use x.unsqueeze(0) for a single image.");
            assertMisfit(
                    new Conv2d(3, 4, 3),
                    Shape.of(2, 2, 3, 4, 5),
                    "Conv2d(3→4, 3×3): got [2, 2, 3, 4, 5]. It needs images" + " [N, C, H, W].");
        }

        @Test
        void of_a_crop_says_what_there_was() {
            assertMisfit(
                    new ZeroPad2d(-3),
                    Shape.of(1, 1, 6, 8),
                    "ZeroPad2d(-3): got [1, 1, 6, 8]. Cropping leaves nothing of 6×8. Crop less.");
        }

        @Test
        void of_a_single_sample_before_flatten_asks_for_a_batch() {
            assertThatThrownBy(() -> ShapeCheck.check(new Flatten(), Shape.of(784)))
                    .hasMessage("Flatten: got [784]. It needs a batch [N, …]. Use x.unsqueeze(0) for one sample.");
        }
    }

    @Nested
    class AWrongHead {
        private final Tensor x = Tensor.zeros(16, 1, 28, 28);
        private final Tensor labels = Tensor.of(new long[16], 16);

        private void assertRefused(Module m, Loss loss, Tensor target, String message) {
            assertThatThrownBy(() -> ShapeCheck.check(m, loss, x, target))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage(message)
                    .hasCauseInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void that_fits_is_accepted() {
            ShapeCheck.check(Models.cnn(), Losses::crossEntropy, x, labels);
            ShapeCheck.check(Models.autoencoder(), Losses::mse, x, x);
            ShapeCheck.check(Models.autoencoder(), Losses::l1, x, x);
        }

        @Test
        void with_a_grid_of_scores_is_no_classifier() {
            assertRefused(
                    Sequential.of(conv(1, 30, stride(1)), conv(30, 10, stride(1), act(false))),
                    Losses::crossEntropy,
                    labels,
                    "loss: labels [16] need scores [16, classes]; layer 1 Conv2d gives [16, 10, 28, 28]. That is a 28×28 grid of"
                            + " scores for each image. Shrink it to 1×1 with stride 2 and add new Flatten(), or add new"
                            + " GlobalAvgPool2d() at the end.");
        }

        @Test
        void with_a_grid_of_one_wants_flatten() {
            assertRefused(
                    Sequential.of(conv(1, 4), conv(4, 8), conv(8, 16), conv(16, 16), conv(16, 10, act(false))),
                    Losses::crossEntropy,
                    labels,
                    "loss: labels [16] need scores [16, classes]; layer 4 Conv2d gives [16, 10, 1, 1]. Add new Flatten() at the"
                            + " end.");
        }

        @Test
        void that_mixes_samples_is_told_so() {
            assertRefused(
                    Sequential.of(new Lambda("merge", t -> t.reshape(8, 2 * 784)), new ReLU()),
                    Losses::crossEntropy,
                    labels,
                    "loss: labels [16] need scores [16, classes]; layer 0 Lambda gives [8, 1568]. The"
                            + " model changes the number of samples: check its reshapes.");
        }

        @Test
        void with_too_few_classes_says_how_many_it_takes() {
            Tensor eleven = Tensor.of(new long[] {3, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 16);
            assertRefused(
                    Models.cnn(),
                    Losses::crossEntropy,
                    eleven,
                    "loss: got label 12; the model gives [16, 10] (layer 4 Conv2d gives [16, 10, 1, 1]), which is 10 classes: 0 to"
                            + " 9. Use at least 13 outputs, or check the labels.");
            Tensor negative = Tensor.of(new long[] {-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 16);
            assertRefused(
                    Models.mlp(),
                    Losses::crossEntropy,
                    negative,
                    "loss: got label -1; layer 3 Linear gives [16, 10], which is 10 classes: 0 to 9. Labels start at 0.");
        }

        @Test
        void for_labels_in_a_column_wants_them_squeezed() {
            assertRefused(
                    Models.cnn(),
                    Losses::crossEntropy,
                    Tensor.of(new long[16], 16, 1),
                    "loss: labels are [16, 1]; cross-entropy needs [16]. Use target.squeeze(1).");
        }

        @Test
        void of_an_autoencoder_that_is_too_large_wants_cropping() {
            Module m = Sequential.of(new ZeroPad2d(2), conv(1, 2), Layers.deconv(2, 1));
            assertRefused(
                    m,
                    Losses::mse,
                    x,
                    "loss: target is [16, 1, 28, 28]; layer 2.1 Conv2d gives [16, 1, 32, 32]. Add new ZeroPad2d(-2) at the end.");
        }

        @Test
        void with_another_shape_than_its_target_is_shown_both() {
            assertRefused(
                    Models.mlp(),
                    Losses::mse,
                    Tensor.zeros(16, 3),
                    "loss: target is [16, 3]; layer 3 Linear gives [16, 10]. Make the two equal.");
            assertRefused(
                    Sequential.of(new Flatten(), new Linear(784, 1)),
                    Losses::mse,
                    Tensor.zeros(16),
                    "loss: target is [16]; layer 1 Linear gives [16, 1]. Use target.reshape(16, 1).");
        }

        @Test
        void is_not_blamed_for_what_the_loss_says_itself() {
            Loss strict = (p, t) -> {
                throw new IllegalArgumentException("mine");
            };
            assertThatThrownBy(() -> ShapeCheck.check(Models.mlp(), strict, x, Tensor.zeros(16, 3)))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("mine");
        }
    }

    @Nested
    class ACustomModule {
        /** Looks at everything a check must leave as it was. */
        private static final class Curious extends Module {
            private final Tensor weight = parameter("weight", Tensor.ones(4, 3));
            private final List<String> runs = new ArrayList<>();

            Curious() {
                buffer("calls", Tensor.zeros(1));
            }

            @Override
            protected Tensor forward(Tensor x) {
                runs.add(x.shape() + " " + x.dtype() + " training=" + training() + " grad=" + Tensor.gradEnabled());
                buffer("calls", buffer("calls").add(1));
                return x.matmul(weight);
            }
        }

        @Test
        void runs_on_one_sample_in_evaluation_without_gradients_and_leaves_no_trace() {
            Curious curious = new Curious();
            List<Module> hooked = new ArrayList<>();
            curious.registerForwardHook((m, x, y) -> hooked.add(m));
            Dropout dropout = new Dropout(0.5);
            dropout.eval();
            long state = dropout.rng().state();
            Sequential m = Sequential.of(new Linear(2, 4), dropout, curious, new Linear(3, 1));
            assertThat(m.outputShape(Shape.of(32, 2))).isEqualTo(Shape.of(32, 1));
            assertThat(curious.runs).containsExactly("[1, 4] FLOAT32 training=false grad=false");
            assertThat(curious.training()).isTrue();
            assertThat(dropout.training()).isFalse();
            assertThat(dropout.rng().state()).isEqualTo(state);
            assertThat(curious.buffer("calls").at(0)).isZero();
            assertThat(hooked).isEmpty();
            curious.apply(Tensor.ones(1, 4));
            assertThat(hooked).containsExactly(curious);
        }

        @Test
        void runs_with_the_type_of_the_batch() {
            Module m = new Lambda("double", t -> t.mul(Tensor.zeros(DType.FLOAT64, 3)));
            assertThat(ShapeCheck.check(m, Tensor.zeros(DType.FLOAT64, 5, 3))).isEqualTo(Shape.of(5, 3));
        }

        @Test
        void that_fails_is_named_with_what_it_said() {
            Module m = Sequential.of(new Linear(2, 5), new Curious());
            assertThatThrownBy(() -> m.outputShape(Shape.of(32, 2)))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageStartingWith("layer 1 Curious: got [32, 5]; layer 0 Linear gives [32, 5]. ")
                    .hasMessageContaining("[32, 5] times [4, 3]");
        }

        @Test
        void is_explained_down_to_the_layer_inside_it() {
            Module inner = new Module() {
                private final Module head = child("head", Sequential.of(new Flatten(), new Linear(9, 2)));

                @Override
                protected Tensor forward(Tensor x) {
                    return head.apply(x.relu());
                }
            };
            Module m = Sequential.of(conv(1, 4), inner);
            assertThatThrownBy(() -> m.outputShape(Shape.of(32, 1, 8, 8)))
                    .hasMessage("layer 1.head.1 Linear(9→2): got [32, 64]; layer 0.0 Conv2d gives [32, 4, 4, 4]. Use"
                            + " Linear(64, 2).");
        }

        @Test
        void that_relies_on_the_size_of_the_batch_gets_all_of_it() {
            Module m = Sequential.of(new Lambda("pairs", t -> t.reshape(16, 2 * 3)), new Linear(6, 1));
            assertThat(m.outputShape(Shape.of(32, 3))).isEqualTo(Shape.of(16, 1));
        }

        @Test
        void may_keep_a_tensor_that_it_made_during_the_check() {
            Module m = new Module() {
                private Tensor ramp = Tensor.zeros(1);

                @Override
                protected Tensor forward(Tensor x) {
                    if (ramp.numel() == 1) {
                        ramp = Tensor.rand(Rng.of(1), 3);
                    }
                    return x.add(ramp);
                }
            };
            io.miniai.tensor.Workspace step = new io.miniai.tensor.Workspace();
            var entered = step.enter();
            m.outputShape(Shape.of(4, 3));
            entered.close();
            step.release();
            assertThat(m.apply(Tensor.zeros(4, 3)).shape()).isEqualTo(Shape.of(4, 3));
        }

        @Test
        void with_a_shape_rule_does_not_run() {
            final class Ruled extends Module implements ShapeRule {
                @Override
                protected Tensor forward(Tensor x) {
                    throw new AssertionError("was run");
                }

                @Override
                public String misfit(Shape in) {
                    return in.rank() == 2 ? null : "Give it rows.";
                }

                @Override
                public Shape output(Shape in) {
                    return Shape.of(in.dim(0), 7);
                }
            }
            Module m = Sequential.of(new Ruled());
            assertThat(m.outputShape(Shape.of(3, 2))).isEqualTo(Shape.of(3, 7));
            assertThatThrownBy(() -> m.outputShape(Shape.of(3))).hasMessage("layer 0 Ruled: got [3]. Give it rows.");
        }
    }
}
