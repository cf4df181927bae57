package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Elementwise kernels on float32 memory: each worker copies a piece that fits the first-level cache into
 * Java arrays, where the JIT vectorises the loops, and copies the result back.
 */
final class CpuElementwise {
    static final int PIECE = 2048;

    /** Fewer elements than this are not worth waking a worker for. */
    static final int GRAIN = 8 * 1024;

    private static final int ONE = Float.floatToRawIntBits(1);

    /** out = f(x) over the first {@code n} elements of arrays. */
    interface Loop1 {
        void run(float[] x, float[] out, int n);
    }

    /** out = f(x, y). */
    interface Loop2 {
        void run(float[] x, float[] y, float[] out, int n);
    }

    private CpuElementwise() {}

    /** What is done with elements {@code at} to {@code at + n}. */
    interface Piece {
        void run(Scratch s, int at, int n);
    }

    /** Shares elements among the workers, each of whom takes pieces of at most {@link #PIECE}, one after the other. */
    static void eachPiece(int length, int grain, Piece body) {
        Workers.shared().run(length, grain, (part, from, end) -> {
            Scratch s = Scratch.get();
            for (int at = from; at < end; at += PIECE) {
                body.run(s, at, Math.min(PIECE, end - at));
            }
        });
    }

    static void map(Array x, Array out, Loop1 loop) {
        FloatBuffer in = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        eachPiece(length(out), GRAIN, (s, at, n) -> {
            float[] a = s.floats(0, PIECE);
            float[] b = s.floats(1, PIECE);
            in.get(at, a, 0, n);
            loop.run(a, b, n);
            to.put(at, b, 0, n);
        });
    }

    static void map(Array x, Array y, Array out, Loop2 loop) {
        FloatBuffer left = CpuMemory.floats(x);
        FloatBuffer right = CpuMemory.floats(y);
        FloatBuffer to = CpuMemory.floats(out);
        eachPiece(length(out), GRAIN, (s, at, n) -> {
            float[] a = s.floats(0, PIECE);
            float[] b = s.floats(1, PIECE);
            float[] c = s.floats(2, PIECE);
            left.get(at, a, 0, n);
            right.get(at, b, 0, n);
            loop.run(a, b, c, n);
            to.put(at, c, 0, n);
        });
    }

    /** out = condition ≠ 0 ? a : b, by the bits. */
    static void where(Array condition, Array a, Array b, Array out) {
        IntBuffer conditions = CpuMemory.ints(condition);
        IntBuffer left = CpuMemory.ints(a);
        IntBuffer right = CpuMemory.ints(b);
        IntBuffer to = CpuMemory.ints(out);
        eachPiece(length(out), GRAIN, (s, at, n) -> {
            int[] c = s.ints(0, PIECE);
            int[] x = s.ints(1, PIECE);
            int[] y = s.ints(2, PIECE);
            conditions.get(at, c, 0, n);
            left.get(at, x, 0, n);
            right.get(at, y, 0, n);
            for (int i = 0; i < n; i++) {
                int size = c[i] << 1; // without the sign: −0 is 0
                int chosen = (size | -size) >> 31;
                x[i] = (x[i] & chosen) | (y[i] & ~chosen);
            }
            to.put(at, x, 0, n);
        });
    }

    static int length(Array a) {
        return Math.toIntExact(a.length());
    }

    static Loop1 unary(Unary op) {
        return switch (op) {
            case NEG ->
                (x, y, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[i] = -x[i];
                    }
                };
            case EXP ->
                (x, y, n) -> {
                    System.arraycopy(x, 0, y, 0, n);
                    CpuMath.exp(y, n);
                    for (int i = 0; i < n; i++) {
                        if (!CpuMath.canExp(x[i])) {
                            y[i] = (float) Math.exp(x[i]);
                        }
                    }
                };
            case LOG ->
                (x, y, n) -> {
                    System.arraycopy(x, 0, y, 0, n);
                    CpuMath.log(y, n);
                    for (int i = 0; i < n; i++) {
                        if (!CpuMath.canLog(x[i])) {
                            y[i] = (float) Math.log(x[i]);
                        }
                    }
                };
            case SQRT ->
                (x, y, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[i] = (float) Math.sqrt(x[i]);
                    }
                };
            case ABS ->
                (x, y, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[i] = Math.abs(x[i]);
                    }
                };
            case SQUARE ->
                (x, y, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[i] = x[i] * x[i];
                    }
                };
            case SIGMOID ->
                (x, y, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[i] = -x[i];
                    }
                    CpuMath.exp(y, n);
                    for (int i = 0; i < n; i++) {
                        y[i] = 1 / (1 + y[i]);
                    }
                };
            case TANH ->
                (x, y, n) -> {
                    System.arraycopy(x, 0, y, 0, n);
                    CpuMath.tanh(y, n);
                };
            case RELU ->
                (x, y, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[i] = Math.max(0f, x[i]);
                    }
                };
        };
    }

    /** dx from what forward saved and dy. */
    static void gradient(Unary op, Array saved, Array dy, Array dx) {
        if (op == Unary.RELU) {
            CpuConvolution.mask(dy, saved, dx);
        } else {
            map(saved, dy, dx, gradient(op));
        }
    }

    private static Loop2 gradient(Unary op) {
        return switch (op) {
            case NEG ->
                (s, dy, dx, n) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = -dy[i];
                    }
                };
            case EXP ->
                (s, dy, dx, n) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = dy[i] * s[i];
                    }
                };
            case LOG ->
                (s, dy, dx, n) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = dy[i] / s[i];
                    }
                };
            case SQRT ->
                (s, dy, dx, n) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = 0.5f * dy[i] / s[i];
                    }
                };
            case ABS ->
                (s, dy, dx, n) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = dy[i] * Math.signum(s[i]);
                    }
                };
            case SQUARE ->
                (s, dy, dx, n) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = 2 * dy[i] * s[i];
                    }
                };
            case SIGMOID ->
                (s, dy, dx, n) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = dy[i] * s[i] * (1 - s[i]);
                    }
                };
            case TANH ->
                (s, dy, dx, n) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = dy[i] * (1 - s[i] * s[i]);
                    }
                };
            case RELU -> throw new AssertionError(op); // masked by its bits
        };
    }

    static Loop2 binary(Binary op) {
        return switch (op) {
            case ADD ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = a[i] + b[i];
                    }
                };
            case SUB ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = a[i] - b[i];
                    }
                };
            case MUL ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = a[i] * b[i];
                    }
                };
            case DIV ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = a[i] / b[i];
                    }
                };
            case POW ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = (float) Math.pow(a[i], b[i]);
                    }
                };
            case MAX ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = Math.max(a[i], b[i]);
                    }
                };
            case MIN ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = Math.min(a[i], b[i]);
                    }
                };
            case EQ ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = number(a[i] == b[i]);
                    }
                };
            case NE ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = number(a[i] != b[i]);
                    }
                };
            case GT ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = number(a[i] > b[i]);
                    }
                };
            case GE ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = number(a[i] >= b[i]);
                    }
                };
            case LT ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = number(a[i] < b[i]);
                    }
                };
            case LE ->
                (a, b, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = number(a[i] <= b[i]);
                    }
                };
        };
    }

    /** By its bits: a choice of floats would be a branch that no processor can foresee. */
    private static float number(boolean yes) {
        return Float.intBitsToFloat(yes ? ONE : 0);
    }

    /** The same with a number as second argument. */
    static Loop1 scalar(Binary op, float s) {
        return switch (op) {
            case ADD ->
                (a, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = a[i] + s;
                    }
                };
            case SUB ->
                (a, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = a[i] - s;
                    }
                };
            case MUL ->
                (a, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = a[i] * s;
                    }
                };
            case DIV ->
                (a, c, n) -> {
                    for (int i = 0; i < n; i++) {
                        c[i] = a[i] / s;
                    }
                };
            case POW -> power(s);
            default -> constant(binary(op), s);
        };
    }

    private static Loop1 power(float s) {
        if (s == 1) {
            return (a, c, n) -> System.arraycopy(a, 0, c, 0, n);
        }
        return s == 2 ? unary(Unary.SQUARE) : constant(binary(Binary.POW), s);
    }

    private static Loop1 constant(Loop2 loop, float s) {
        return (a, c, n) -> {
            float[] constant = Scratch.get().floats(2, n);
            Arrays.fill(constant, 0, n, s);
            loop.run(a, constant, c, n);
        };
    }
}
