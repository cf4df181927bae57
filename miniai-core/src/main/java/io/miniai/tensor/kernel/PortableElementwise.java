package io.miniai.tensor.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.scalar.Pow;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarAdd;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarDivision;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarSubtraction;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.scalar.comparison.ScalarEquals;
import org.nd4j.linalg.api.ops.impl.scalar.comparison.ScalarGreaterThan;
import org.nd4j.linalg.api.ops.impl.scalar.comparison.ScalarGreaterThanOrEqual;
import org.nd4j.linalg.api.ops.impl.scalar.comparison.ScalarLessThan;
import org.nd4j.linalg.api.ops.impl.scalar.comparison.ScalarLessThanOrEqual;
import org.nd4j.linalg.api.ops.impl.scalar.comparison.ScalarNotEquals;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Negative;
import org.nd4j.linalg.api.ops.impl.transforms.same.OneMinus;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.api.ops.impl.transforms.same.Square;
import org.nd4j.linalg.api.ops.impl.transforms.same.TimesOneMinus;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;

/** Functions of each element by itself. */
final class PortableElementwise {
    private PortableElementwise() {}

    static void unary(Unary op, Array x, Array out) {
        INDArray a = x.flat();
        INDArray z = out.flat();
        Ops.run(
                switch (op) {
                    case NEG -> new Negative(a, z);
                    case EXP -> new Exp(a, z);
                    case LOG -> new Log(a, z);
                    case SQRT -> new Sqrt(a, z);
                    case ABS -> new Abs(a, z);
                    case SQUARE -> new Square(a, z);
                    case SIGMOID -> new Sigmoid(a, z);
                    case TANH -> new Tanh(a, z);
                    case RELU -> new RectifiedLinear(a, z, 0);
                });
    }

    /** First the derivative into dx, then times dy; division where that saves an operation. */
    static void unaryGrad(Unary op, Array saved, Array dy, Array dx) {
        INDArray s = saved.flat();
        INDArray g = dy.flat();
        INDArray z = dx.flat();
        switch (op) {
            case NEG -> Ops.run(new Negative(g, z));
            case EXP -> multiply(s, g, z);
            case LOG -> divide(g, s, z);
            case SQRT -> {
                divide(g, s, z);
                scale(z, 0.5);
            }
            case ABS -> {
                Ops.run(new Sign(s, z));
                multiply(z, g, z);
            }
            case SQUARE -> {
                multiply(s, g, z);
                scale(z, 2);
            }
            case SIGMOID -> {
                Ops.run(new TimesOneMinus(s, z));
                multiply(z, g, z);
            }
            case TANH -> {
                Ops.run(new Square(s, z));
                Ops.run(new OneMinus(z, z));
                multiply(z, g, z);
            }
            case RELU -> {
                Ops.run(new Step(s, z));
                multiply(z, g, z);
            }
        }
    }

    static void multiply(INDArray a, INDArray b, INDArray out) {
        Ops.run("multiply", new INDArray[] {a, b}, out);
    }

    static void divide(INDArray a, INDArray b, INDArray out) {
        Ops.run("divide", new INDArray[] {a, b}, out);
    }

    static void scale(INDArray a, double factor) {
        Ops.run(new ScalarMultiplication(a, null, a, factor));
    }

    static void binary(Binary op, Array a, Array b, Array out) {
        boolean sameLayout = Arrays.equals(a.shape(), b.shape());
        INDArray x = sameLayout ? a.flat() : ofRank(out.rank(), a);
        INDArray y = sameLayout ? b.flat() : ofRank(out.rank(), b);
        if (op.isComparison()) {
            Array bits = Array.allocateImage(DataType.BOOL, out.order(), out.shape());
            Ops.run(nameOf(op), new INDArray[] {x, y}, sameLayout ? bits.flat() : bits.nd());
            Ops.assign(bits.flat(), out.flat());
        } else {
            Ops.run(nameOf(op), new INDArray[] {x, y}, sameLayout ? out.flat() : out.nd());
        }
    }

    /** With leading sizes of 1: ND4J does not stretch [1, 1] to [1, 5] when it meets [5]. */
    private static INDArray ofRank(int rank, Array a) {
        if (a.rank() == rank) {
            return a.nd();
        }
        int[] shape = new int[rank];
        int missing = rank - a.rank();
        Arrays.fill(shape, 0, missing, 1);
        System.arraycopy(a.shape(), 0, shape, missing, a.rank());
        return a.reshaped(shape).nd();
    }

    private static String nameOf(Binary op) {
        return switch (op) {
            case ADD -> "add";
            case SUB -> "subtract";
            case MUL -> "multiply";
            case DIV -> "divide";
            case POW -> "Pow";
            case MAX -> "maximum";
            case MIN -> "minimum";
            case EQ -> "equals";
            case NE -> "not_equals";
            case GT -> "greater";
            case GE -> "greater_equal";
            case LT -> "less";
            case LE -> "less_equal";
        };
    }

    static void scalar(Binary op, Array a, double scalar, Array out) {
        if (op.isComparison()) {
            compare(op, a, scalar, out);
        } else if (op == Binary.POW && a.type() == DataType.INT64) { // ND4J raises integers as floats
            Array wide = Ops.cast(a, DataType.DOUBLE);
            Ops.run(arithmetic(op, wide.flat(), scalar, wide.flat()));
            Ops.assign(wide.flat(), out.flat());
        } else {
            Ops.run(arithmetic(op, a.flat(), scalar, out.flat()));
        }
    }

    private static Op arithmetic(Binary op, INDArray x, double s, INDArray z) {
        return switch (op) {
            case ADD -> new ScalarAdd(x, null, z, s);
            case SUB -> new ScalarSubtraction(x, null, z, s);
            case MUL -> new ScalarMultiplication(x, null, z, s);
            case DIV -> new ScalarDivision(x, null, z, s);
            case POW -> new Pow(x, z, s);
            case MAX -> new ScalarMax(x, null, z, s);
            case MIN -> new ScalarMin(x, null, z, s);
            default -> throw new IllegalArgumentException("not arithmetic: " + op);
        };
    }

    /** ND4J compares into BOOL only, and casts the scalar to the type of x: 1 < 1.5 would be false for integers. */
    private static void compare(Binary op, Array a, double s, Array out) {
        INDArray x = a.type() == DataType.INT64 ? Ops.cast(a, DataType.DOUBLE).flat() : a.flat();
        Array bits = Array.allocate(DataType.BOOL, (int) a.length());
        INDArray z = bits.flat();
        Ops.run(
                switch (op) {
                    case EQ -> new ScalarEquals(x, z, s);
                    case NE -> new ScalarNotEquals(x, z, s);
                    case GT -> new ScalarGreaterThan(x, z, s);
                    case GE -> new ScalarGreaterThanOrEqual(x, z, s);
                    case LT -> new ScalarLessThan(x, z, s);
                    case LE -> new ScalarLessThanOrEqual(x, z, s);
                    default -> throw new IllegalArgumentException("not a comparison: " + op);
                });
        Ops.assign(z, out.flat());
    }

    static void axpy(double factor, Array src, Array dst) {
        INDArray z = dst.flat();
        Ops.run(new Axpy(src.flat(), z, z, factor));
    }

    static void clamp(Array x, double lo, double hi, Array out) {
        // Not clipbyvalue: it refuses lo = hi.
        Ops.run(new ScalarMax(x.flat(), null, out.flat(), lo));
        Ops.run(new ScalarMin(out.flat(), null, out.flat(), hi));
    }

    static void where(Array condition, Array a, Array b, Array out) {
        Array bits = Array.allocate(DataType.BOOL, (int) out.length());
        Ops.assign(condition.flat(), bits.flat());
        Ops.run("select", new INDArray[] {bits.flat(), a.flat(), b.flat()}, out.flat());
    }
}
