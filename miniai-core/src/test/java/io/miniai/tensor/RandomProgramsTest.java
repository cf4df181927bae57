package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.miniai.testing.Soak;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ops one after the other as nobody would write them, chosen at random from the same seed: what one leaves for the next,
 * memory orders and what waits to be fused, is more than tests of single ops can cover.
 *
 * <p>In FLOAT64, which ND4J computes, the gradients have to agree with differences of the values along a random direction;
 * values and gradients in FLOAT32, which the kernels for the processor compute, have to agree with those in FLOAT64.
 */
class RandomProgramsTest {
    private static final int LARGEST = 30_000;
    private static final double STEP = 1e-6;

    /** What a program is of: the same numbers for every type, moved a little along a direction of random numbers. */
    private static final class Leaves {
        private final List<Tensor> tensors = new ArrayList<>();
        private final int program;
        private final DType type;
        private final double moved;

        Leaves(int program, DType type, double moved) {
            this.program = program;
            this.type = type;
            this.moved = moved;
        }

        Tensor next(int... shape) {
            double[] values = random(1, shape);
            double[] direction = random(2, shape);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) values[i] + moved * direction[i];
            }
            Tensor leaf = Tensor.of(values, shape).toDType(type).detach().requiresGrad(true);
            tensors.add(leaf);
            return leaf;
        }

        private double[] random(long what, int... shape) {
            return Tensor.randn(Rng.of(what, program, tensors.size()), shape)
                    .mul(0.7)
                    .toDoubleArray();
        }

        /** How fast the loss changes along the direction, by the gradients; and what that is the sum of, without signs. */
        double[] slope() {
            double sum = 0;
            double size = 0;
            for (int t = 0; t < tensors.size(); t++) {
                Tensor leaf = tensors.get(t);
                double[] gradient =
                        leaf.hasGrad() ? Objects.requireNonNull(leaf.grad()).toDoubleArray() : null;
                double[] direction = Tensor.randn(
                                Rng.of(2, program, t), leaf.shape().toArray())
                        .mul(0.7)
                        .toDoubleArray();
                for (int i = 0; gradient != null && i < direction.length; i++) {
                    sum += gradient[i] * direction[i];
                    size += Math.abs(gradient[i] * direction[i]);
                }
            }
            return new double[] {sum, size};
        }
    }

    @Test
    void random_programs_and_their_gradients_are_right() {
        programs(0, 60);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void thousands_of_random_programs_and_their_gradients_are_right() {
        int programs = Soak.scaled(10_000, 200);
        programs(60, programs);
        System.out.printf("%,d random programs%n", programs);
    }

    private static void programs(int first, int count) {
        for (int program = first; program < first + count; program++) {
            Workspace memory = new Workspace();
            try (Workspace.Entered inside = memory.enter()) {
                check(program);
                assertThat(inside).isNotNull();
            } catch (Throwable e) {
                throw new AssertionError("random program " + program + ": " + describe(program), e);
            } finally {
                memory.release();
            }
        }
    }

    private static void check(int program) {
        Leaves wide = new Leaves(program, DType.FLOAT64, 0);
        Tensor loss = run(program, wide, new ArrayList<>());
        loss.backward();
        double[] slope = wide.slope();
        double tolerance = 1e-4 * slope[1] + 1e-6;
        double measured = difference(program, STEP);
        if (Math.abs(measured - slope[0]) > tolerance) {
            measured = difference(
                    program, STEP / 100); // there may be the kink of a ReLU within a step, seldom within both
        }
        assertThat(measured).as("slope in FLOAT64").isCloseTo(slope[0], within(tolerance));

        Leaves narrow = new Leaves(program, DType.FLOAT32, 0);
        Tensor quick = run(program, narrow, new ArrayList<>());
        quick.backward();
        assertClose("loss", new double[] {quick.item()}, new double[] {loss.item()});
        for (int i = 0; i < wide.tensors.size(); i++) {
            Tensor expected = wide.tensors.get(i).grad();
            Tensor actual = narrow.tensors.get(i).grad();
            assertThat(actual == null).as("gradient of leaf %d is missing", i).isEqualTo(expected == null);
            if (expected != null && actual != null) {
                assertClose("gradient of leaf " + i, actual.toDoubleArray(), expected.toDoubleArray());
            }
        }
    }

    private static double difference(int program, double step) {
        Tensor ahead = run(program, new Leaves(program, DType.FLOAT64, step), new ArrayList<>());
        Tensor behind = run(program, new Leaves(program, DType.FLOAT64, -step), new ArrayList<>());
        return (ahead.item() - behind.item()) / (2 * step);
    }

    private static void assertClose(String what, double[] actual, double[] expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(actual[i] - expected[i]);
            if (!(error <= 2e-3 * Math.max(largest, 1e-2))) {
                throw new AssertionError(what + ", number " + i + ": expected " + expected[i] + ", got " + actual[i]
                        + "; the largest is " + largest);
            }
        }
    }

    private static List<String> describe(int program) {
        List<String> log = new ArrayList<>();
        try {
            run(program, new Leaves(program, DType.FLOAT32, 0), log);
        } catch (RuntimeException e) {
            log.add(e.toString());
        }
        return log;
    }

    /** Some steps from what is there to something new, then a loss in which everything counts that nothing was made of. */
    private static Tensor run(int program, Leaves leaves, List<String> log) {
        SplittableRandom random = new SplittableRandom(program);
        int[] batches = {1, 2, 5, 32, 40};
        int n = batches[random.nextInt(batches.length)];
        List<Tensor> values = new ArrayList<>();
        List<Tensor> unused = new ArrayList<>();
        values.add(leaves.next(n, random.nextInt(1, 5), random.nextInt(3, 9), random.nextInt(3, 9)));
        int steps = random.nextInt(3, 12);
        for (int i = 0; i < steps; i++) {
            // The newest more often than others, so that there are chains.
            int chosen = random.nextBoolean() ? values.size() - 1 : random.nextInt(values.size());
            Tensor x = values.get(chosen);
            int op = random.nextInt(x.rank() == 4 ? 30 : 14);
            Tensor y = step(op, x, leaves, random);
            if (y.numel() <= LARGEST) {
                log.add(op + ": " + x.shape() + " -> " + y.shape());
                unused.remove(x);
                values.add(y);
                unused.add(y);
            }
        }
        Tensor loss = leaves.next();
        for (Tensor t : unused) {
            loss = loss.add(t.tanh().mul(leaves.next(t.shape().toArray())).mean());
        }
        return loss;
    }

    private static Tensor step(int op, Tensor x, Leaves leaves, SplittableRandom random) {
        int dim = random.nextInt(x.rank());
        return switch (op) {
            case 0 -> x.relu();
            case 1 -> x.sigmoid();
            case 2 -> x.tanh().exp();
            case 3 -> x.square().add(0.5).log();
            case 4 -> x.div(x.square().add(1).sqrt());
            case 5 -> x.softmax(dim).mul(3);
            case 6 -> x.logSoftmax(dim);
            case 7 -> x.sub(x.mean(dim, true));
            case 8 -> x.mul(leaves.next(stretching(x, random)));
            case 9 -> leaves.next(stretching(x, random)).add(1).sub(x);
            case 10 -> Tensor.concat(dim, x, x.neg(), x);
            case 11 -> x.slice(dim, random.nextInt(x.size(dim)), x.size(dim));
            case 12 -> x.max(dim, true).add(x.clamp(-0.4, 0.6));
            case 13 -> x.transpose(0, x.rank() - 1);
            case 14, 15, 16, 17, 18 -> convolution(x, leaves, random);
            case 19, 20, 21 -> convolution(x, leaves, random).relu();
            case 22 -> x.maxPool2d(window(x, random).withStride(2));
            case 23 -> x.avgPool2d(window(x, random));
            case 24 -> x.upsampleNearest2d(2);
            case 25 -> x.pad(random.nextInt(2), random.nextInt(2), random.nextInt(2), random.nextInt(2));
            case 26 -> x.pad(1, 1, 1, 1);
            case 27 ->
                x.flatten(1)
                        .linear(leaves.next(5, (int) (x.numel() / x.size(0))).mul(0.2), leaves.next(5));
            case 28 -> Tensor.where(x.gt(0), x.mul(leaves.next(stretching(x, random))), x.mul(0.5));
            default -> x.permute(0, 2, 3, 1);
        };
    }

    private static Tensor convolution(Tensor x, Leaves leaves, SplittableRandom random) {
        Window w = window(x, random).withStride(random.nextInt(1, 3)).withPadding(random.nextInt(2));
        int outputs = random.nextInt(1, 6);
        Tensor kernel =
                leaves.next(outputs, x.size(1), w.kernelH(), w.kernelW()).mul(0.5);
        return x.conv2d(kernel, random.nextBoolean() ? leaves.next(outputs) : null, w);
    }

    private static Window window(Tensor x, SplittableRandom random) {
        return Window.of(random.nextInt(1, 1 + Math.min(3, Math.min(x.size(2), x.size(3)))));
    }

    /** A shape that stretches to that of a tensor. */
    private static int[] stretching(Tensor x, SplittableRandom random) {
        int[] shape = x.shape().toArray();
        for (int i = 0; i < shape.length; i++) {
            shape[i] = random.nextBoolean() ? 1 : shape[i];
        }
        return Arrays.copyOfRange(shape, random.nextInt(shape.length), shape.length);
    }
}
