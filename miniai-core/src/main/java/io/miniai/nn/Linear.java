package io.miniai.nn;

import io.miniai.tensor.Rng;
import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x·Wᵀ + b} on the last dimension: {@code [N, in]} to {@code [N, out]}. Parameters as in PyTorch:
 * {@code weight [out, in]}, {@code bias [out]}.
 */
public final class Linear extends Module implements ShapeRule {
    final int in;
    final int out;
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /** With bias. */
    public Linear(int in, int out) {
        this(in, out, true);
    }

    /** With or without bias. */
    public Linear(int in, int out, boolean bias) {
        this(in, out, bias, Init.rng());
    }

    /**
     * With the generator that the parameters are drawn from.
     *
     * @throws IllegalArgumentException when {@code in} or {@code out} is below 1
     */
    public Linear(int in, int out, boolean bias, Rng rng) {
        this.in = Messages.atLeast(1, in, "input features of Linear");
        this.out = Messages.atLeast(1, out, "output features of Linear");
        this.weight = parameter("weight", Init.weight(rng, out, in));
        this.bias = bias ? parameter("bias", Init.bias(rng, in, out)) : null;
    }

    /** {@code [out, in]}. */
    public Tensor weight() {
        return weight;
    }

    /** {@code [out]}, or null without bias. */
    public @Nullable Tensor bias() {
        return bias;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return x.linear(weight, bias);
    }

    @Override
    public @Nullable String misfit(Shape s) {
        return Messages.features(s, in, out);
    }

    @Override
    public Shape output(Shape s) {
        int[] dims = s.toArray();
        dims[dims.length - 1] = out;
        return Shape.of(dims);
    }

    @Override
    public long multiplyAdds(Shape s) {
        return s.numel() * out;
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField before, Shape s) {
        return (s.rank() == 2 ? before : before.flattened(1, s.dim(-1))).mixed();
    }

    @Override
    public String label() {
        return "Linear(" + in + "→" + out + (bias == null ? ", no bias" : "") + ")";
    }
}
