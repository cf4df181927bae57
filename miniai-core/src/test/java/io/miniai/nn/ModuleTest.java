package io.miniai.nn;

import static io.miniai.nn.Layers.conv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.tensor.Device;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ModuleTest {
    /** A custom module with a parameter, a buffer and two children. */
    private static final class Scaled extends Module {
        private final Tensor scale;
        private final Module body;

        Scaled(Module body) {
            scale = parameter("scale", Tensor.full(2, 1));
            buffer("calls", Tensor.zeros(1));
            this.body = child("body", body);
            child("act", new ReLU());
        }

        @Override
        protected Tensor forward(Tensor x) {
            buffer("calls", buffer("calls").add(1));
            return body.apply(x).mul(scale);
        }

        void add(String name, Module m) {
            child(name, m);
        }
    }

    @Nested
    class Names {
        @Test
        void of_parameters_are_joined_by_dots_as_in_pytorch() {
            assertThat(Models.cnn().namedParameters().keySet())
                    .containsExactly(
                            "0.0.weight",
                            "0.0.bias",
                            "1.0.weight",
                            "1.0.bias",
                            "2.0.weight",
                            "2.0.bias",
                            "3.0.weight",
                            "3.0.bias",
                            "4.weight",
                            "4.bias");
        }

        @Test
        void of_buffers_and_modules_follow_the_same_rule() {
            Sequential m = Sequential.of(new Scaled(new Linear(2, 2)), new Identity());
            assertThat(m.namedBuffers().keySet()).containsExactly("0.calls");
            assertThat(m.namedModules().keySet()).containsExactly("", "0", "0.body", "0.act", "1");
            assertThat(m.namedParameters().keySet()).containsExactly("0.scale", "0.body.weight", "0.body.bias");
        }

        @Test
        void lead_to_a_nested_layer_by_index_and_by_path() {
            Sequential cnn = Models.cnn();
            Conv2d first = cnn.get("0.0", Conv2d.class);
            assertThat(cnn.get(0).get(0)).isSameAs(first).isSameAs(cnn.get("0.0"));
            assertThat(first.weight().shape()).isEqualTo(Shape.of(4, 1, 3, 3));
            assertThat(first.bias().shape()).isEqualTo(Shape.of(4));
            assertThat(cnn.parameter("0.0.weight")).isSameAs(first.weight());
            assertThat(cnn.get("")).isSameAs(cnn);
        }

        @Test
        void that_lead_nowhere_are_answered_with_what_is_there() {
            Sequential cnn = Models.cnn();
            assertThatThrownBy(() -> cnn.get("0.7"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("No module '0.7': '0' Sequential has children 0, 1.");
            assertThatThrownBy(() -> cnn.get("0.1.x")).hasMessage("No module '0.1.x': '0.1' ReLU has no children.");
            assertThatThrownBy(() -> cnn.get("head"))
                    .hasMessage("No module 'head': Sequential has children 0, 1, 2, 3, 4, 5.");
            assertThatThrownBy(() -> cnn.parameter("0.0.weights"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("No parameter '0.0.weights': '0.0' Conv2d(1→4, 3×3, stride 2, padding 1) has parameters"
                            + " weight, bias.");
            assertThatThrownBy(() -> cnn.buffer("0.mean"))
                    .hasMessage("No buffer '0.mean': '0' Sequential has no buffers.");
        }

        @Test
        void with_an_index_out_of_range_say_the_range() {
            assertThatThrownBy(() -> Models.cnn().get(6))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("No child 6: Sequential has children 0 to 5.");
            assertThatThrownBy(() -> new ReLU().get(0)).hasMessage("No child 0: ReLU has no children.");
        }

        @Test
        void of_another_type_say_what_is_there() {
            assertThatThrownBy(() -> Models.cnn().get("0.1", Conv2d.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Expected Conv2d at '0.1'; got ReLU.");
        }

        @Test
        void are_given_once_and_without_dots() {
            Scaled m = new Scaled(new Identity());
            assertThatThrownBy(() -> m.add("scale", new ReLU()))
                    .hasMessage("Scaled already has a 'scale'. Use another name.");
            assertThatThrownBy(() -> m.add("calls", new ReLU()))
                    .hasMessage("Scaled already has a 'calls'. Use another name.");
            assertThatThrownBy(() -> m.add("body", new ReLU()))
                    .hasMessage("Scaled already has a 'body'. Use another name.");
            assertThatThrownBy(() -> m.add("a.b", new ReLU()))
                    .hasMessage(
                            "Expected a name without dots; got 'a.b' in Scaled. Dots join the names of nested modules.");
        }
    }

    @Test
    void a_module_cannot_be_part_of_itself() {
        Scaled m = new Scaled(new Identity());
        Sequential outer = Sequential.of(m);
        assertThatThrownBy(() -> m.add("outer", outer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("child 'outer' of Scaled: a module cannot be part of itself.");
    }

    @Test
    void a_shared_module_counts_its_parameters_once() {
        Linear shared = new Linear(3, 3);
        Sequential m = Sequential.of(shared, new ReLU(), shared);
        assertThat(m.parameters()).hasSize(2);
        assertThat(m.numel()).isEqualTo(12);
    }

    @Test
    void parameters_want_gradients_and_buffers_do_not() {
        Scaled m = new Scaled(new Identity());
        assertThat(m.parameter("scale").requiresGrad()).isTrue();
        m.apply(Tensor.ones(1));
        assertThat(m.buffer("calls").requiresGrad()).isFalse();
        assertThat(m.buffer("calls").at(0)).isEqualTo(1);
    }

    @Test
    void train_and_eval_reach_every_descendant() {
        Sequential m = Sequential.of(new Scaled(Sequential.of(new Dropout(0.5))));
        assertThat(m.namedModules().values()).allMatch(Module::training);
        assertThat(m.eval()).isSameAs(m);
        assertThat(m.namedModules().values()).noneMatch(Module::training);
        m.train();
        assertThat(m.namedModules().values()).allMatch(Module::training);
    }

    @Test
    void frozen_parameters_get_no_gradient_until_they_are_unfrozen() {
        Sequential m = Sequential.of(new Linear(2, 2), new Linear(2, 1));
        m.get(0).freeze();
        m.apply(Tensor.ones(1, 2)).sum().backward();
        assertThat(m.parameter("0.weight").grad()).isNull();
        assertThat(m.parameter("1.weight").grad()).isNotNull();
        m.get(0).unfreeze();
        m.apply(Tensor.ones(1, 2)).sum().backward();
        assertThat(m.parameter("0.weight").grad()).isNotNull();
    }

    @Test
    void moves_to_the_device_of_the_process() {
        Sequential m = Models.cnn();
        assertThat(m.toDevice(Device.current())).isSameAs(m);
    }

    @Test
    void prints_as_a_tree() {
        Sequential m = Sequential.of(conv(1, 4), new Scaled(new Linear(4, 2, false)), new Flatten());
        assertThat(m).hasToString("""
                        Sequential(
                          (0): Sequential(
                            (0): Conv2d(1→4, 3×3, stride 2, padding 1)
                            (1): ReLU
                          )
                          (1): Scaled(
                            (body): Linear(4→2, no bias)
                            (act): ReLU
                          )
                          (2): Flatten
                        )""");
    }

    @Test
    void an_anonymous_module_is_called_after_its_superclass() {
        Module m = new Module() {
            @Override
            protected Tensor forward(Tensor x) {
                return x;
            }
        };
        assertThat(m).hasToString("Module");
    }

    @Test
    void an_empty_chain_lets_its_input_through() {
        Tensor x = Tensor.ones(2);
        assertThat(Sequential.of().apply(x)).isSameAs(x);
    }

    @Nested
    class Hooks {
        @Test
        void see_module_input_and_output_in_order_until_closed() {
            Sequential m = Sequential.of(new Linear(2, 3, true, Rng.of(1)), new ReLU());
            List<String> seen = new ArrayList<>();
            HookHandle a =
                    m.get(0).registerForwardHook((mod, x, y) -> seen.add("a " + mod.label() + x.shape() + y.shape()));
            HookHandle b = m.get(0).registerForwardHook((mod, x, y) -> seen.add("b"));
            m.apply(Tensor.ones(4, 2));
            assertThat(seen).containsExactly("a Linear(2→3)[4, 2][4, 3]", "b");
            a.close();
            a.close();
            m.apply(Tensor.ones(4, 2));
            assertThat(seen).containsExactly("a Linear(2→3)[4, 2][4, 3]", "b", "b");
            b.close();
            m.apply(Tensor.ones(4, 2));
            assertThat(seen).hasSize(3);
            assertThat(m.get(0).interceptor()).isNull();
        }

        @Test
        void registered_twice_are_two_registrations() {
            Identity m = new Identity();
            List<Module> seen = new ArrayList<>();
            ForwardHook hook = (mod, x, y) -> seen.add(mod);
            HookHandle first = m.registerForwardHook(hook);
            m.registerForwardHook(hook);
            first.close();
            first.close();
            m.apply(Tensor.ones(1));
            assertThat(seen).containsExactly(m);
        }

        @Test
        void of_a_child_fire_inside_a_custom_module() {
            Identity inner = new Identity();
            List<Module> seen = new ArrayList<>();
            inner.registerForwardHook((mod, x, y) -> seen.add(mod));
            new Scaled(inner).apply(Tensor.ones(1));
            assertThat(seen).containsExactly(inner);
        }
    }
}
