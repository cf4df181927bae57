package io.miniai.nn;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;
import static io.miniai.nn.Layers.deconv;
import static io.miniai.nn.Layers.ks;
import static io.miniai.nn.Layers.stride;
import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import io.miniai.tensor.Window;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReceptiveFieldTest {
    private static String field(Module m, int size) {
        List<Summary.Row> rows = Summary.of(m, Shape.of(1, 1, size, size)).rows();
        return String.valueOf(rows.get(rows.size() - 1).receptiveField());
    }

    @Test
    void of_two_convolutions_and_a_max_pooling_is_6_by_6() {
        Module m = Sequential.of(new Conv2d(1, 4, 3), new Conv2d(4, 4, 3), new MaxPool2d(2));
        assertThat(field(m, 28)).isEqualTo("6×6");
    }

    @Test
    void of_two_stride_2_convolutions_is_7_by_7() {
        assertThat(field(Sequential.of(conv(1, 4), conv(4, 8)), 28)).isEqualTo("7×7");
    }

    @Test
    void grows_with_every_stride_2_convolution_of_the_cnn() {
        List<Summary.Row> rows =
                Summary.of(Models.cnn(), Shape.of(1, 1, 28, 28)).rows();
        assertThat(rows.stream()
                        .filter(r -> r.parameters() > 0)
                        .map(r -> r.receptiveField().height()))
                .containsExactly(3, 7, 15, 31, 63);
    }

    @Test
    void of_a_linear_layer_is_the_whole_grid_before_it() {
        assertThat(field(Models.mlp(), 28)).isEqualTo("28×28");
        assertThat(field(Sequential.of(new Conv2d(1, 2, 3), new GlobalAvgPool2d(), new Linear(2, 2)), 9))
                .isEqualTo("9×9");
        assertThat(field(Sequential.of(new ZeroPad2d(-4), new Conv2d(1, 2, 3), new Flatten(), new Linear(98, 2)), 17))
                .isEqualTo("9×9");
    }

    @Test
    void of_features_without_an_image_is_counted_in_columns() {
        List<Summary.Row> rows = Summary.of(Sequential.of(new ReLU(), new Linear(20, 3)), Shape.of(8, 20))
                .rows();
        assertThat(rows.get(0).receptiveField()).hasToString("1×1");
        assertThat(rows.get(1).receptiveField()).hasToString("1×20");
    }

    @Test
    void may_differ_in_height_and_width() {
        assertThat(field(new Conv2d(1, 1, Window.of(3, 5).withDilation(2, 1)), 28))
                .isEqualTo("5×5");
        assertThat(field(new Conv2d(1, 1, Window.of(1, 3).withDilation(1, 4)), 28))
                .isEqualTo("1×9");
    }

    static Stream<Module> chains() {
        return Stream.of(
                Sequential.of(conv(1, 1), conv(1, 1, ks(5)), conv(1, 1, stride(1))),
                Sequential.of(new Conv2d(1, 1, Window.of(3).withDilation(2)), new AvgPool2d(3), new Conv2d(1, 1, 2)),
                Sequential.of(conv(1, 1), conv(1, 1), deconv(1, 1), deconv(1, 1, act(false))),
                Sequential.of(conv(1, 1), conv(1, 1), conv(1, 1), deconv(1, 1), deconv(1, 1), deconv(1, 1)),
                Sequential.of(conv(1, 1), deconv(1, 1, ks(2)), deconv(1, 1, ks(4))),
                Sequential.of(
                        conv(1, 1),
                        deconv(1, 1, ks(5)),
                        new Conv2d(1, 1, Window.of(2).withStride(2))),
                Sequential.of(
                        conv(1, 1),
                        new UpsampleNearest2d(2),
                        new Conv2d(1, 1, Window.of(2).withStride(2).withPadding(1))),
                Sequential.of(
                        new UpsampleNearest2d(3), new ZeroPad2d(-1), conv(1, 1), new UpsampleNearest2d(2), conv(1, 1)),
                Sequential.of(new UpsampleNearest2d(3), conv(1, 1, ks(2), stride(3))));
    }

    /** With positive weights an input pixel has a gradient if and only if the output sees it. */
    @ParameterizedTest
    @MethodSource("chains")
    void is_what_gradients_reach_at_most(Module chain) {
        for (Tensor p : chain.parameters()) {
            TensorUpdates.assign(p, Tensor.onesLike(p));
        }
        int rows = 128;
        int positions = 8; // of different kinds; no chain has more
        Tensor x = Tensor.ones(positions, 1, rows, 24).requiresGrad(true);
        Tensor y = chain.apply(x);
        // From each image of the batch, one position in the middle, away from the borders.
        int middle = y.size(2) / 2;
        Tensor[] chosen = new Tensor[positions];
        for (int i = 0; i < positions; i++) {
            chosen[i] =
                    y.slice(0, i, i + 1).slice(2, middle + i, middle + i + 1).slice(3, 0, 1);
        }
        Tensor.concat(0, chosen).sum().backward();
        Tensor rowsReached =
                Objects.requireNonNull(x.grad()).ne(0).max(3, false).sum(2, false);
        assertThat(field(chain, rows)).startsWith((int) rowsReached.max().item() + "×");
    }
}
