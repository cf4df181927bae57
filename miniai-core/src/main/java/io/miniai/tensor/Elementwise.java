package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Binary;
import io.miniai.tensor.kernel.Order;
import io.miniai.tensor.kernel.Unary;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Ops that work on each element by itself, with their gradients. */
final class Elementwise {
    private Elementwise() {}

    // ---- one argument -------------------------------------------------------------------------

    static Tensor unary(Unary op, Tensor x) {
        x.needFloat(op.name());
        Array in = x.array();
        Array out = in.allocateLike();
        kernels().unary(op, in, out);
        Array saved = op.savesOutput() ? out : in;
        return Tape.record(
                op.name(),
                new Tensor(out),
                dy -> {
                    Array g = dy.arrayLike(saved);
                    Array dx = saved.allocateLike();
                    kernels().unaryGrad(op, saved, g, dx);
                    return new Tensor[] {new Tensor(dx)};
                },
                x);
    }

    static Tensor relu(Tensor x) {
        if (x.pending() instanceof PendingConv conv && !x.isLeafWithGrad()) {
            return x.requiresGrad() ? conv.withRelu() : Tape.noGrad(conv::withRelu);
        }
        return unary(Unary.RELU, x);
    }

    static Tensor clamp(Tensor x, double lo, double hi) {
        x.needFloat("clamp");
        if (!(lo <= hi)) {
            throw new IllegalArgumentException("Expected clamp bounds lo ≤ hi; got " + lo + " and " + hi + ".");
        }
        Array in = x.array();
        Array out = in.allocateLike();
        kernels().clamp(in, lo, hi, out);
        return Tape.record(
                "clamp", new Tensor(out), dy -> new Tensor[] {dy.mul(x.ge(lo).mul(x.le(hi)))}, x);
    }

    static Tensor dropout(Tensor x, double p, Rng rng) {
        x.needFloat("dropout");
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException(
                    "Expected a dropout probability of at least 0 and below 1; got " + p + ".");
        }
        Array mask = x.array().allocateLike();
        kernels().dropoutMask(rng.state(), p, mask);
        rng.skip(mask.length());
        return x.mul(new Tensor(mask));
    }

    static Tensor pow(Tensor x, double exponent) {
        return Tape.record(
                "pow",
                scalar(Binary.POW, x, exponent),
                dy -> new Tensor[] {
                    exponent == 0
                            ? Tensor.zerosLike(dy)
                            : dy.mul(x.pow(exponent - 1).mul(exponent))
                },
                x);
    }

    // ---- with a number ------------------------------------------------------------------------

    static Tensor add(Tensor x, double s) {
        return Tape.record("add", scalar(Binary.ADD, x, s), dy -> new Tensor[] {dy}, x);
    }

    static Tensor mul(Tensor x, double s) {
        return Tape.record("mul", scalar(Binary.MUL, x, s), dy -> new Tensor[] {dy.mul(s)}, x);
    }

    static Tensor div(Tensor x, double s) {
        return Tape.record("div", scalar(Binary.DIV, x, s), dy -> new Tensor[] {dy.div(s)}, x);
    }

    /** Whole numbers stay such only where the result is one. */
    static Tensor scalar(Binary op, Tensor x, double s) {
        boolean whole = op.isComparison() || (s == (long) s && op != Binary.DIV && (op != Binary.POW || s >= 0));
        Array in = (whole ? x : floating(x)).array();
        Array out = op.isComparison() ? Array.allocateImage(DataType.FLOAT, in.order(), in.shape()) : in.allocateLike();
        kernels().scalar(op, in, s, out);
        return new Tensor(out);
    }

    // ---- two arguments ------------------------------------------------------------------------

    static Tensor add(Tensor a, Tensor b) {
        return Tape.record("add", binary(Binary.ADD, a, b), dy -> new Tensor[] {sumTo(dy, a), sumTo(dy, b)}, a, b);
    }

    static Tensor sub(Tensor a, Tensor b) {
        return Tape.record(
                "sub",
                binary(Binary.SUB, a, b),
                dy -> new Tensor[] {sumTo(dy, a), b.requiresGrad() ? sumTo(dy.neg(), b) : null},
                a,
                b);
    }

    static Tensor mul(Tensor a, Tensor b) {
        return Tape.record(
                "mul",
                binary(Binary.MUL, a, b),
                dy -> new Tensor[] {
                    a.requiresGrad() ? sumTo(dy.mul(b), a) : null, b.requiresGrad() ? sumTo(dy.mul(a), b) : null
                },
                a,
                b);
    }

    static Tensor div(Tensor a, Tensor b) {
        return Tape.record(
                "div",
                binary(Binary.DIV, a, b),
                dy -> new Tensor[] {
                    a.requiresGrad() ? sumTo(dy.div(b), a) : null,
                    b.requiresGrad() ? sumTo(dy.mul(a).div(b.square()).neg(), b) : null
                },
                a,
                b);
    }

    /** The larger (or smaller) of two; where both are equal each gets half of the gradient, as in PyTorch. */
    static Tensor extreme(Binary op, Tensor a, Tensor b) {
        Binary wins = op == Binary.MAX ? Binary.GT : Binary.LT;
        return Tape.record(
                op.name(),
                binary(op, a, b),
                dy -> {
                    Tensor half = binary(Binary.EQ, a, b).toDType(dy.dtype()).mul(0.5);
                    Tensor toA = binary(wins, a, b).toDType(dy.dtype()).add(half);
                    return new Tensor[] {
                        a.requiresGrad() ? sumTo(dy.mul(toA), a) : null,
                        b.requiresGrad() ? sumTo(dy.mul(toA.rsub(1)), b) : null
                    };
                },
                a,
                b);
    }

    static Tensor where(Tensor condition, Tensor a, Tensor b) {
        Shape shape = Shape.broadcast(condition.shape(), Shape.broadcast(a.shape(), b.shape()));
        DType type = widest(a, b);
        int[] dims = shape.dims();
        Array mask = condition.toDType(DType.FLOAT32).expand(dims).rowMajor();
        Array out = Array.allocate(type.nd(), dims);
        kernels()
                .where(
                        mask,
                        a.toDType(type).expand(dims).rowMajor(),
                        b.toDType(type).expand(dims).rowMajor(),
                        out);
        return Tape.record(
                "where",
                new Tensor(out),
                dy -> {
                    Tensor zero = Tensor.zerosLike(dy);
                    Tensor m = new Tensor(mask);
                    return new Tensor[] {
                        a.requiresGrad() ? sumTo(where(m, dy, zero), a) : null,
                        b.requiresGrad() ? sumTo(where(m, zero, dy), b) : null
                    };
                },
                a,
                b,
                new Tensor(mask));
    }

    /** A binary kernel after type promotion and broadcasting; not recorded. */
    static Tensor binary(Binary op, Tensor a, Tensor b) {
        DType type = widest(op == Binary.DIV ? floating(a) : a, b);
        Tensor x = a.toDType(type);
        Tensor y = b.toDType(type);
        DataType outType = op.isComparison() ? DataType.FLOAT : type.nd();
        Array left;
        Array right;
        Array out;
        if (x.shape().equals(y.shape())) {
            left = x.array();
            right = y.arrayLike(left);
            out = Array.allocateImage(outType, left.order(), left.shape());
        } else {
            Shape shape = Shape.broadcast(x.shape(), y.shape());
            left = x.array();
            right = y.array();
            // Of the operand that is not stretched, so that what comes next finds the order it left.
            Order order =
                    x.shape().equals(shape) ? left.order() : y.shape().equals(shape) ? right.order() : Order.ROW_MAJOR;
            out = Array.allocateImage(outType, order, shape.dims());
        }
        kernels().binary(op, left, right, out);
        return new Tensor(out);
    }

    /** The gradient of a broadcast: sums over what was stretched. */
    static @Nullable Tensor sumTo(Tensor dy, Tensor like) {
        if (!like.requiresGrad()) {
            return null;
        }
        return Reductions.sumTo(dy, like.shape());
    }

    private static DType widest(Tensor a, Tensor b) {
        DType x = a.dtype();
        DType y = b.dtype();
        if (x == DType.FLOAT64 || y == DType.FLOAT64) {
            return DType.FLOAT64;
        }
        return x == DType.FLOAT32 || y == DType.FLOAT32 ? DType.FLOAT32 : DType.INT64;
    }

    private static Tensor floating(Tensor x) {
        return x.dtype().isFloatingPoint() ? x : x.toDType(DType.FLOAT32);
    }
}
