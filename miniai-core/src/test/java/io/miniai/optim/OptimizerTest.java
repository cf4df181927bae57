package io.miniai.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import io.miniai.tensor.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimizer against its formula in plain doubles, over steps with different gradients. */
class OptimizerTest {
    private static final double LR = 0.1;
    private static final int STEPS = 6;

    /** Changes p by g in step t, counted from 1, keeping what it needs in s. */
    private interface Formula {
        double next(double p, double g, int t, double[] s);
    }

    private record Case(String name, OptimizerFactory factory, Formula formula) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Formula sgd(double momentum, double dampening, boolean nesterov, double weightDecay) {
        return (p, grad, t, s) -> {
            double g = grad + weightDecay * p;
            if (momentum > 0) {
                s[0] = t == 1 ? g : momentum * s[0] + (1 - dampening) * g;
                g = nesterov ? g + momentum * s[0] : s[0];
            }
            return p - LR * g;
        };
    }

    private static Formula adam(double beta1, double beta2, double eps, double l2, double decay) {
        return (p, grad, t, s) -> {
            double g = grad + l2 * p;
            s[0] = beta1 * s[0] + (1 - beta1) * g;
            s[1] = beta2 * s[1] + (1 - beta2) * g * g;
            double m = s[0] / (1 - Math.pow(beta1, t));
            double v = s[1] / (1 - Math.pow(beta2, t));
            return p * (1 - LR * decay) - LR * m / (Math.sqrt(v) + eps);
        };
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("SGD", SGD::new, sgd(0, 0, false, 0)),
                new Case("SGD, weight decay", (p, lr) -> new SGD(p, lr).weightDecay(0.3), sgd(0, 0, false, 0.3)),
                new Case("SGD, momentum", (p, lr) -> new SGD(p, lr).momentum(0.9), sgd(0.9, 0, false, 0)),
                new Case("SGD, dampening", (p, lr) -> new SGD(p, lr).momentum(0.9, 0.4), sgd(0.9, 0.4, false, 0)),
                new Case(
                        "SGD, Nesterov, weight decay",
                        (p, lr) -> new SGD(p, lr).nesterov(0.8).weightDecay(0.1),
                        sgd(0.8, 0, true, 0.1)),
                new Case("Adam", Adam::new, adam(0.9, 0.999, 1e-8, 0, 0)),
                new Case(
                        "Adam, all settings",
                        (p, lr) -> new Adam(p, lr).betas(0.8, 0.95).eps(1e-3).weightDecay(0.2),
                        adam(0.8, 0.95, 1e-3, 0.2, 0)),
                new Case("AdamW", AdamW::new, adam(0.9, 0.999, 1e-8, 0, 0.01)),
                new Case(
                        "AdamW, weight decay",
                        (p, lr) -> new AdamW(p, lr).weightDecay(0.5),
                        adam(0.9, 0.999, 1e-8, 0, 0.5)));
    }

    private static Tensor param(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensor.of(floats, floats.length).requiresGrad(true);
    }

    /** One step whose gradient is g. */
    private static void step(Optimizer opt, Tensor p, double... g) {
        opt.zeroGrad();
        p.mul(param(g).detach()).sum().backward();
        opt.step();
    }

    private static double gradient(int step, int i) {
        return Math.sin(3 * step + i) * (i + 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void follows_its_formula_step_by_step(Case c) {
        double[] expected = {1, -2, 0.5};
        double[][] state = new double[3][2];
        Tensor p = param(expected);
        Optimizer opt = c.factory.create(List.of(p), LR);
        for (int t = 1; t <= STEPS; t++) {
            double[] g = {gradient(t, 0), gradient(t, 1), gradient(t, 2)};
            step(opt, p, g);
            for (int i = 0; i < 3; i++) {
                expected[i] = c.formula.next(expected[i], g[i], t, state[i]);
            }
            assertThat(p.toDoubleArray()).as("step " + t).containsExactly(expected, within(2e-5));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void continues_exactly_from_a_saved_state(Case c) {
        List<double[]> run = new ArrayList<>();
        Tensor p = param(1, -2);
        Optimizer opt = c.factory.create(List.of(p), LR);
        Map<String, Tensor> saved = new LinkedHashMap<>();
        for (int t = 1; t <= STEPS; t++) {
            step(opt, p, gradient(t, 0), gradient(t, 1));
            run.add(p.toDoubleArray());
            if (t == 3) {
                opt.state().forEach((name, tensor) -> saved.put(name, copyOf(tensor)));
            }
        }
        Tensor copy = param(100, 100);
        Optimizer again = c.factory.create(List.of(copy), LR);
        step(again, copy, 100, 100);
        TensorUpdates.assign(copy, param(run.get(2)));
        again.load(saved);
        for (int t = 4; t <= STEPS; t++) {
            step(again, copy, gradient(t, 0), gradient(t, 1));
            assertThat(copy.toDoubleArray()).containsExactly(run.get(t - 1));
        }
    }

    private static Tensor copyOf(Tensor t) {
        return t.dtype().isFloatingPoint()
                ? Tensor.of(t.toFloatArray(), t.shape().toArray())
                : Tensor.of(t.toLongArray(), t.shape().toArray());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void leaves_frozen_parameters_and_those_without_gradient_alone(Case c) {
        Tensor trained = param(1);
        Tensor frozen = param(2);
        Tensor unused = param(3);
        Optimizer opt = c.factory.create(List.of(trained, frozen, unused), LR);
        trained.mul(frozen).sum().backward();
        frozen.requiresGrad(false);
        opt.step();
        assertThat(trained.at(0)).isNotEqualTo(1);
        assertThat(frozen.at(0)).isEqualTo(2);
        assertThat(unused.at(0)).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void remembers_beyond_the_workspace_of_a_step(Case c) {
        Tensor p = param(1, -2);
        Tensor q = param(1, -2);
        Optimizer inside = c.factory.create(List.of(p), LR);
        Optimizer outside = c.factory.create(List.of(q), LR);
        Workspace workspace = new Workspace();
        for (int t = 1; t <= 3; t++) {
            workspace.release();
            Workspace.Entered entered = workspace.enter();
            step(inside, p, gradient(t, 0), gradient(t, 1));
            entered.close();
            step(outside, q, gradient(t, 0), gradient(t, 1));
        }
        assertThat(p.toDoubleArray()).containsExactly(q.toDoubleArray());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void finds_the_bottom_of_a_bowl(Case c) {
        Tensor p = Tensor.randn(Rng.of(1), 4).requiresGrad(true);
        Optimizer opt = c.factory.create(List.of(p), LR);
        double start = p.square().sum().item();
        for (int t = 0; t < 100; t++) {
            opt.zeroGrad();
            p.square().sum().backward();
            opt.step();
        }
        assertThat(p.square().sum().item()).isLessThan(0.01 * start);
    }

    @Test
    void a_new_learning_rate_holds_from_the_next_step() {
        Tensor p = param(1);
        SGD opt = new SGD(List.of(p), 0.5);
        step(opt, p, 1);
        opt.lr(0.25);
        step(opt, p, 1);
        assertThat(opt.lr()).isEqualTo(0.25);
        assertThat(p.at(0)).isEqualTo(0.25);
    }

    @Test
    void zero_grad_forgets_the_gradients() {
        Tensor p = param(1);
        SGD opt = new SGD(List.of(p), 0.5);
        p.sum().backward();
        opt.zeroGrad();
        assertThat(p.grad()).isNull();
        opt.step();
        assertThat(p.at(0)).isEqualTo(1);
    }

    @Test
    void state_is_named_by_kind_and_parameter() {
        Tensor a = param(1);
        Tensor b = param(1);
        AdamW adam = new AdamW(List.of(a, b), LR);
        assertThat(adam.state()).isEmpty();
        step(adam, b, 1);
        assertThat(adam.state().keySet()).containsExactly("exp_avg.1", "exp_avg_sq.1", "step.1");
        assertThat(adam.state().get("step.1").toLongArray()).containsExactly(1);
        SGD sgd = new SGD(List.of(a), LR).momentum(0.9);
        step(sgd, a, 1);
        assertThat(sgd.state().keySet()).containsExactly("momentum.0", "step.0");
    }

    @Test
    void state_of_another_optimizer_or_model_is_refused_as_a_whole() {
        Tensor p = param(1, 2);
        SGD opt = new SGD(List.of(p), LR).momentum(0.9);
        step(opt, p, 1, 1);
        double before = opt.state().get("momentum.0").at(0);
        Map<String, Tensor> bad = new LinkedHashMap<>();
        bad.put("momentum.0", Tensor.zeros(2));
        bad.put("exp_avg.0", Tensor.zeros(2));
        assertThatThrownBy(() -> opt.load(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SGD has no state 'exp_avg.0': expected momentum or step, then a dot and 0 to 0.");
        assertThat(opt.state().get("momentum.0").at(0)).isEqualTo(before);
        assertThatThrownBy(() -> opt.load(Map.of("momentum.1", Tensor.zeros(2))))
                .hasMessageStartingWith("SGD has no state");
        assertThatThrownBy(() -> opt.load(Map.of("momentum", Tensor.zeros(2))))
                .hasMessageStartingWith("SGD has no state");
        assertThatThrownBy(() -> opt.load(Map.of("momentum.-1", Tensor.zeros(2))))
                .hasMessageStartingWith("SGD has no state");
        assertThatThrownBy(() -> opt.load(Map.of("momentum.0", Tensor.zeros(3))))
                .hasMessage(
                        "Expected FLOAT32 [2] for 'momentum.0', as its parameter; got FLOAT32 [3]. Is it another model's"
                                + " state?");
        assertThatThrownBy(() -> opt.load(Map.of("step.0", Tensor.zeros(1))))
                .hasMessage("Expected one INT64 number for 'step.0'; got FLOAT32 [1].");
    }

    @Test
    void wrong_arguments_are_refused_at_once() {
        Tensor p = param(1);
        List<Tensor> params = List.of(p);
        assertThatThrownBy(() -> new SGD(List.of(), LR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected parameters to optimize; got none. Does the model have any?");
        assertThatThrownBy(() -> new Adam(List.of(p, p), LR))
                .hasMessage("Parameter 1 [1] is given twice. Use model.parameters(), which lists each once.");
        assertThatThrownBy(() -> new SGD(params, -1)).hasMessage("Expected a learning rate of at least 0; got -1.0.");
        assertThatThrownBy(() -> new SGD(params, Double.NaN))
                .hasMessage("Expected a learning rate of at least 0; got NaN.");
        assertThatThrownBy(() -> new SGD(params, LR).lr(Double.POSITIVE_INFINITY))
                .hasMessage("Expected a learning rate of at least 0; got Infinity.");
        assertThatThrownBy(() -> new SGD(params, LR).momentum(1))
                .hasMessage("Expected a momentum of at least 0 and below 1; got 1.0.");
        assertThatThrownBy(() -> new SGD(params, LR).momentum(0.9, -1))
                .hasMessage("Expected a dampening of at least 0 and below 1; got -1.0.");
        assertThatThrownBy(() -> new SGD(params, LR).nesterov(2))
                .hasMessage("Expected a momentum of at least 0 and below 1; got 2.0.");
        assertThatThrownBy(() -> new AdamW(params, LR).weightDecay(-1))
                .hasMessage("Expected a weight decay of at least 0; got -1.0.");
        assertThatThrownBy(() -> new Adam(params, LR).betas(0.9, 1))
                .hasMessage("Expected a beta2 of at least 0 and below 1; got 1.0.");
        assertThatThrownBy(() -> new Adam(params, LR).eps(-1e-8))
                .hasMessage("Expected an eps of at least 0; got -1.0E-8.");
    }
}
