package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Matrix products, with their gradients. */
final class Products {
    private Products() {}

    /** As NumPy's {@code @}: vectors get a dimension of 1 that the result loses; leading dimensions broadcast. */
    static Tensor matmul(Tensor a, Tensor b) {
        if (a.rank() == 0 || b.rank() == 0 || a.size(-1) != b.size(b.rank() == 1 ? 0 : -2)) {
            throw new ShapeException(
                    "Expected [.., m, k] times [.., k, n]; got %s times %s.".formatted(a.shape(), b.shape()));
        }
        a.needSameType("matmul", b);
        if (a.rank() == 1) {
            return matmul(a.unsqueeze(0), b).squeeze(b.rank() == 1 ? 0 : -2);
        }
        if (b.rank() == 1) {
            return matmul(a, b.unsqueeze(1)).squeeze(-1);
        }
        if (a.rank() == 2 && b.rank() == 2) {
            return product(a, b);
        }
        int[] lead = Shape.broadcast(leading(a), leading(b)).toArray();
        Tensor x = a.expand(join(lead, a.size(-2), a.size(-1))).reshape(-1, a.size(-2), a.size(-1));
        Tensor y = b.expand(join(lead, b.size(-2), b.size(-1))).reshape(-1, b.size(-2), b.size(-1));
        return product(x, y).reshape(join(lead, a.size(-2), b.size(-1)));
    }

    /** Two matrices, or two stacks of equally many. */
    private static Tensor product(Tensor a, Tensor b) {
        Array x = a.rowMajor();
        Array y = b.rowMajor();
        return Tape.record(
                "matmul",
                new Tensor(product(x, false, y, false)),
                dy -> {
                    Array g = dy.rowMajor();
                    return new Tensor[] {
                        a.requiresGrad() ? new Tensor(product(g, false, y, true)) : null,
                        b.requiresGrad() ? new Tensor(product(x, true, g, false)) : null
                    };
                },
                a,
                b);
    }

    private static Array product(Array a, boolean transposeA, Array b, boolean transposeB) {
        int rank = a.rank();
        int[] shape = a.shape().clone();
        shape[rank - 2] = a.size(transposeA ? rank - 1 : rank - 2);
        shape[rank - 1] = b.size(transposeB ? rank - 2 : rank - 1);
        Array out = Array.allocate(a.type(), shape);
        kernels().matmul(a, transposeA, b, transposeB, null, out);
        return out;
    }

    /** x [.., in] times weight [out, in] transposed, plus bias [out]. */
    static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        if (x.rank() < 1 || weight.rank() != 2 || x.size(-1) != weight.size(1)) {
            throw new ShapeException(
                    "Expected [.., in] with a weight [out, in]; got %s and %s.".formatted(x.shape(), weight.shape()));
        }
        checkParameters("linear", x, weight, bias);
        if (x.rank() != 2) {
            int[] shape = x.shape().toArray();
            shape[shape.length - 1] = weight.size(0);
            return linear(x.reshape(-1, x.size(-1)), weight, bias).reshape(shape);
        }
        Array in = x.rowMajor();
        Array w = weight.rowMajor();
        Array out = Array.allocate(in.type(), x.size(0), weight.size(0));
        kernels().matmul(in, false, w, true, bias == null ? null : bias.rowMajor(), out);
        Tensor[] inputs = bias == null ? new Tensor[] {x, weight} : new Tensor[] {x, weight, bias};
        return Tape.record(
                "linear",
                new Tensor(out),
                dy -> {
                    Array g = dy.rowMajor();
                    @Nullable Tensor[] grads = new Tensor[inputs.length];
                    grads[0] = x.requiresGrad() ? new Tensor(product(g, false, w, false)) : null;
                    grads[1] = weight.requiresGrad() ? new Tensor(product(g, true, in, false)) : null;
                    if (bias != null) {
                        grads[2] = Elementwise.sumTo(dy, bias);
                    }
                    return grads;
                },
                inputs);
    }

    /** Whether x, weight {@code [out, …]} and bias are of one type, and there is one bias for each output. */
    static void checkParameters(String op, Tensor x, Tensor weight, @Nullable Tensor bias) {
        x.needFloat(op);
        x.needSameType(op, weight);
        if (bias != null) {
            x.needSameType(op, bias);
            if (bias.rank() != 1 || bias.size(0) != weight.size(0)) {
                throw new ShapeException("Expected a bias [%d]; got %s.".formatted(weight.size(0), bias.shape()));
            }
        }
    }

    private static Shape leading(Tensor t) {
        return Shape.of(Arrays.copyOf(t.dims(), t.rank() - 2));
    }

    private static int[] join(int[] lead, int rows, int columns) {
        int[] dims = Arrays.copyOf(lead, lead.length + 2);
        dims[lead.length] = rows;
        dims[lead.length + 1] = columns;
        return dims;
    }
}
