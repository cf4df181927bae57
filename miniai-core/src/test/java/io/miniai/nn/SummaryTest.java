package io.miniai.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.tensor.Rng;
import io.miniai.tensor.Shape;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Shape IMAGES = Shape.of(64, 1, 28, 28);

    private static final class Residual extends Module {
        private final Module body;

        Residual(Module body) {
            this.body = child("body", body);
        }

        @Override
        protected Tensor forward(Tensor x) {
            return x.add(body.apply(x));
        }
    }

    private static final class Chain extends Module {
        private final Module first = child("first", new Conv2d(1, 2, Window.of(3)));
        private final Module rest = child("rest", Sequential.of(new ReLU(), new Conv2d(2, 2, Window.of(3))));

        @Override
        protected Tensor forward(Tensor x) {
            return rest.apply(first.apply(x));
        }
    }

    private static final class Scale extends Module {
        private final Tensor scale = parameter("scale", Tensor.ones(28));

        @Override
        protected Tensor forward(Tensor x) {
            return x.mul(scale);
        }
    }

    @Test
    void leaves_random_generators_where_they_are() {
        Rng rng = Rng.of(1);
        final class Noise extends Module implements Randomized {
            @Override
            protected Tensor forward(Tensor x) {
                return x.add(Tensor.randn(rng, x.shape().toArray()));
            }

            @Override
            public Rng rng() {
                return rng;
            }
        }
        long before = rng.state();
        new Noise().outputShape(Shape.of(2, 3));
        assertThat(rng.state()).isEqualTo(before);
    }

    @Test
    void is_a_table_of_layers_with_totals() {
        assertThat(Summary.of(Models.cnn(), IMAGES)).hasToString("""
                        Sequential, input [64, 1, 28, 28]
                        name  layer                                    output   params    MACs  field
                        ────  ───────────────────────────────────────  ───────  ──────  ──────  ─────
                        0.0   Conv2d(1→4, 3×3, stride 2, padding 1)    4×14×14      40   7,056    3×3
                        0.1   ReLU                                     4×14×14       0       0    3×3
                        1.0   Conv2d(4→8, 3×3, stride 2, padding 1)    8×7×7       296  14,112    7×7
                        1.1   ReLU                                     8×7×7         0       0    7×7
                        2.0   Conv2d(8→16, 3×3, stride 2, padding 1)   16×4×4    1,168  18,432  15×15
                        2.1   ReLU                                     16×4×4        0       0  15×15
                        3.0   Conv2d(16→16, 3×3, stride 2, padding 1)  16×2×2    2,320   9,216  31×31
                        3.1   ReLU                                     16×2×2        0       0  31×31
                        4     Conv2d(16→10, 3×3, stride 2, padding 1)  10×1×1    1,450   1,440  63×63
                        5     Flatten                                  10            0       0  63×63
                        ────  ───────────────────────────────────────  ───────  ──────  ──────  ─────
                              total                                              5,274  50,256
                        output, multiply-adds (MACs): of one sample; receptive field: input pixels""");
    }

    @Test
    void gives_its_rows_and_totals_as_data() {
        Summary s = Summary.of(Models.mlp(), IMAGES);
        assertThat(s.rows()).hasSize(4);
        Summary.Row hidden = s.rows().get(1);
        assertThat(hidden.name()).isEqualTo("1");
        assertThat(hidden.layer()).isEqualTo("Linear(784→50)");
        assertThat(hidden.output()).isEqualTo(Shape.of(64, 50));
        assertThat(hidden.parameters()).isEqualTo(39_250);
        assertThat(hidden.multiplyAdds()).isEqualTo(39_200);
        assertThat(s.parameters()).isEqualTo(39_760);
        assertThat(s.multiplyAdds()).isEqualTo(39_200 + 500);
    }

    @Test
    void follows_the_autoencoder_back_up() {
        Summary s = Summary.of(Models.autoencoder(), IMAGES);
        assertThat(s.rows().get(s.rows().size() - 1).output()).isEqualTo(IMAGES);
        assertThat(s.parameters()).isEqualTo(777);
        assertThat(s.toString()).contains("6.1   Conv2d(2→1, 3×3, padding 1)            1×32×32      19");
    }

    @Test
    void says_how_many_parameters_are_frozen() {
        Sequential m = Models.mlp();
        m.get(1).freeze();
        Summary s = Summary.of(m, IMAGES);
        assertThat(s.trainableParameters()).isEqualTo(510);
        assertThat(s.toString()).contains("frozen: 39,250 parameters\n");
    }

    @Test
    void counts_shared_parameters_where_they_first_appear() {
        Conv2d shared = new Conv2d(1, 1, Window.of(3).withPadding(1));
        Summary s = Summary.of(Sequential.of(shared, shared), IMAGES);
        assertThat(s.rows()).extracting(Summary.Row::parameters).containsExactly(10L, 0L);
        assertThat(s.parameters()).isEqualTo(10);
        assertThat(s.multiplyAdds()).isEqualTo(2 * 28 * 28 * 9);
    }

    @Test
    void counts_multiply_adds_of_one_sample_whatever_the_batch() {
        assertThat(Summary.of(Models.cnn(), Shape.of(1, 1, 28, 28)).multiplyAdds())
                .isEqualTo(Summary.of(Models.cnn(), IMAGES).multiplyAdds())
                .isEqualTo(50_256);
    }

    @Test
    void runs_a_custom_module_to_see_its_parts_and_knows_a_chain_when_it_sees_one() {
        Summary s = Summary.of(Sequential.of(new Chain(), new MaxPool2d(2)), IMAGES);
        assertThat(s.rows()).extracting(Summary.Row::name).containsExactly("0.first", "0.rest.0", "0.rest.1", "1");
        assertThat(s.rows().get(3).output()).isEqualTo(Shape.of(64, 2, 12, 12));
        assertThat(s.rows().get(3).receptiveField()).hasToString("6×6");
    }

    @Test
    void marks_what_cannot_be_known_of_a_custom_module() {
        Summary s = Summary.of(
                Sequential.of(
                        new Residual(new Conv2d(1, 1, Window.of(3).withPadding(1))), new Scale(), new MaxPool2d(2)),
                IMAGES);
        assertThat(s).hasToString("""
                        Sequential, input [64, 1, 28, 28]
                        name    layer                        output   params   MACs  field
                        ──────  ───────────────────────────  ───────  ──────  ─────  ─────
                        0.body  Conv2d(1→1, 3×3, padding 1)  1×28×28      10  7,056    3×3
                        0       Residual                     1×28×28       0      ?      ?
                        1       Scale                        1×28×28      28      ?      ?
                        2       MaxPool2d(2×2, stride 2)     1×14×14       0      0      ?
                        ──────  ───────────────────────────  ───────  ──────  ─────  ─────
                                total                                     38  7,056
                        output, multiply-adds (MACs): of one sample; receptive field: input pixels
                        ?: not known for a custom module""");
    }

    @Test
    void of_an_input_that_does_not_fit_explains_it() {
        assertThatThrownBy(() -> Summary.of(Models.cnn(), Shape.of(64, 3, 28, 28)))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "layer 0.0 Conv2d(1→4, 3×3, stride 2, padding 1): got [64, 3, 28, 28]. It needs 1 channel. Use"
                                + " Conv2d(3, …).");
    }
}
