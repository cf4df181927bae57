package io.miniai.tensor;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Binary;
import io.miniai.tensor.kernel.Kernels;
import io.miniai.tensor.kernel.Order;
import io.miniai.tensor.kernel.Processor;
import io.miniai.tensor.kernel.Reduce;
import io.miniai.tensor.kernel.Unary;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers in a rectangular shape, with the operations on them and their gradients.
 *
 * <p>Operations run at once and give new tensors; only a convolution, and padding or upsampling before one, waits until it
 * is read, since a ReLU behind it costs nothing then. A tensor never changes, except a parameter, which its optimizer updates
 * in place. Where an input {@linkplain #requiresGrad(boolean) requires a gradient} the
 * result remembers how it came about, and {@link #backward()} on a scalar computes the gradient of every
 * such leaf.
 *
 * <pre>{@code
 * Tensor w = Tensor.randn(Rng.of(1), 3, 2).requiresGrad(true);
 * Tensor loss = x.matmul(w).sub(y).square().mean();
 * loss.backward();
 * w.grad();                       // [3, 2]
 * }</pre>
 *
 * <p>Shapes broadcast as in NumPy and PyTorch. Images are {@code [N, C, H, W]}. Dimensions may be counted
 * from the end with negative numbers. Every method throws {@link ShapeException} when sizes do not fit.
 * Memory needs no calls: see {@link #keep()} for the one exception. Whether a result shares its input's memory
 * is not promised; {@link #copy()} has its own.
 *
 * <p>Where FLOAT32 meets FLOAT64 or INT64 in arithmetic the result is the wider floating-point type, and a gradient has the
 * type of what it belongs to. NaN goes through every operation, except for what ND4J computes (FLOAT64, and all on CUDA): its
 * max, min, clamp and max-pooling pass over it.
 */
public final class Tensor {
    private @Nullable Array array;
    private @Nullable Pending pending;
    private boolean leafRequiresGrad;
    private @Nullable LeafGradient gradient;

    /** The op it came from, null for leaves. */
    Tape.@Nullable Node node;

    Tensor(Array array) {
        this.array = array;
    }

    Tensor(Pending pending) {
        this.pending = pending;
    }

    // ---- making -------------------------------------------------------------------------------

    /**
     * A FLOAT32 tensor of these values in row-major order.
     *
     * @throws ShapeException when the number of values is not the shape's
     */
    public static Tensor of(float[] values, int... shape) {
        return new Tensor(Values.upload(values, values.length, DType.FLOAT32, shape));
    }

    /** A FLOAT64 tensor of these values in row-major order. */
    public static Tensor of(double[] values, int... shape) {
        return new Tensor(Values.upload(values, values.length, DType.FLOAT64, shape));
    }

    /** An INT64 tensor of these values in row-major order. */
    public static Tensor of(long[] values, int... shape) {
        return new Tensor(Values.upload(values, values.length, DType.INT64, shape));
    }

    /**
     * FLOAT32 images {@code [N, C, H, W]} of bytes, which become floats when the tensor is first read, in the memory
     * order that suits its reader. The arrays are not copied: nobody may change them before.
     *
     * @param images for each image the array in which its bytes lie, {@code [C, H, W]}, unsigned
     * @param starts where in its array each begins
     * @param values for each of the C channels, what the 256 bytes become
     * @throws ShapeException when an image is not inside its array, or there are not 256 values for every channel
     */
    public static Tensor ofPixels(byte[][] images, int[] starts, float[][] values, int height, int width) {
        return new Tensor(new PendingPixels(images, starts, values, height, width));
    }

    /** A FLOAT32 matrix of these rows, which must be of one length. */
    public static Tensor of(float[][] rows) {
        return new Tensor(Values.rows(rows));
    }

    /** A copy of an ND4J array of type FLOAT, DOUBLE or LONG. */
    public static Tensor of(INDArray array) {
        return new Tensor(Values.copyOf(array));
    }

    /** A FLOAT32 scalar, shape {@code []}. */
    public static Tensor scalar(double value) {
        return full(value);
    }

    /** FLOAT32 zeros. */
    public static Tensor zeros(int... shape) {
        return zeros(DType.FLOAT32, shape);
    }

    public static Tensor zeros(DType type, int... shape) {
        return full(type, 0, shape);
    }

    /** FLOAT32 ones. */
    public static Tensor ones(int... shape) {
        return full(1, shape);
    }

    /** A FLOAT32 tensor of one value. */
    public static Tensor full(double value, int... shape) {
        return full(DType.FLOAT32, value, shape);
    }

    public static Tensor full(DType type, double value, int... shape) {
        Array out = Array.allocate(type.nd(), Shape.of(shape).dims());
        kernels().fill(out, value);
        return new Tensor(out);
    }

    /** Zeros of the shape and type of another tensor. */
    public static Tensor zerosLike(Tensor t) {
        return filledLike(t, 0);
    }

    /** Ones of the shape and type of another tensor. */
    public static Tensor onesLike(Tensor t) {
        return filledLike(t, 1);
    }

    private static Tensor filledLike(Tensor t, double value) {
        Array out = t.array().allocateLike();
        kernels().fill(out, value);
        return new Tensor(out);
    }

    /** 0 … n − 1 as INT64. */
    public static Tensor arange(int n) {
        long[] values = new long[Shape.of(n).dim(0)];
        Arrays.setAll(values, i -> i);
        return of(values, n);
    }

    /** The identity matrix, {@code [n, n]}, FLOAT32. */
    public static Tensor eye(int n) {
        return arange(n).oneHot(n);
    }

    /** Uniform in [0, 1). */
    public static Tensor rand(Rng rng, int... shape) {
        return uniform(rng, 0, 1, shape);
    }

    /** Uniform in [lo, hi). */
    public static Tensor uniform(Rng rng, double lo, double hi, int... shape) {
        double below = Math.nextDown((float) hi); // what is nearest to hi in float32 may be hi itself
        return Values.drawn(() -> Math.min(lo + (hi - lo) * rng.nextDouble(), Math.max(lo, below)), shape);
    }

    /** Normal with mean 0 and variance 1. */
    public static Tensor randn(Rng rng, int... shape) {
        return Values.drawn(rng::nextGaussian, shape);
    }

    // ---- facts --------------------------------------------------------------------------------

    /** The sizes, outermost first. */
    public Shape shape() {
        Pending p = pending;
        return array == null && p != null ? p.shape() : Shape.wrap(array().shape());
    }

    /** The size of one dimension. */
    public int size(int dim) {
        int[] d = dims();
        return d[Shape.axis(dim, d)];
    }

    /** The number of dimensions. */
    public int rank() {
        return dims().length;
    }

    /** The number of elements. */
    public long numel() {
        return Array.length(dims());
    }

    public DType dtype() {
        Pending p = pending;
        return array == null && p != null ? p.dtype() : DType.of(array().type());
    }

    // ---- to Java ------------------------------------------------------------------------------

    /**
     * The value of a tensor with one element.
     *
     * @throws ShapeException when it has more
     */
    public double item() {
        if (numel() != 1) {
            throw new ShapeException("Expected a tensor with one element for item(); got " + shape()
                    + ". Fix: reduce it first, or at(…).");
        }
        return Values.first(rowMajor());
    }

    /** The element at these indices, one for each dimension. */
    public double at(int... index) {
        return Values.at(this, index);
    }

    /** The values in row-major order, converted to float. */
    public float[] toFloatArray() {
        return Values.floats(this);
    }

    /** The values in row-major order, converted to double. */
    public double[] toDoubleArray() {
        return kernels().downloadDoubles(rowMajor());
    }

    /** The values in row-major order, converted to long (fractions cut off). */
    public long[] toLongArray() {
        return Values.longs(this);
    }

    /** Whether no value is NaN or infinite; cheaper than looking at the values. */
    public boolean isFinite() {
        return !dtype().isFloatingPoint() || kernels().isFinite(array());
    }

    /** A copy as a row-major ND4J array. */
    public INDArray nd() {
        return rowMajor().nd().dup('c');
    }

    /** Shape, type and values; large tensors are shortened in the middle. */
    @Override
    public String toString() {
        return TensorText.of(this);
    }

    // ---- gradients ----------------------------------------------------------------------------

    /**
     * Says whether {@link #backward()} shall compute a gradient for this tensor.
     *
     * @return this
     * @throws IllegalStateException when it is the result of an op that requires a gradient
     * @throws IllegalArgumentException when it is not floating point
     */
    public Tensor requiresGrad(boolean on) {
        if (node != null) {
            throw new IllegalStateException("Expected a leaf; got the result of an op. Fix: detach() it first.");
        }
        if (on) {
            needFloat("requiresGrad");
        }
        leafRequiresGrad = on;
        return this;
    }

    /** Whether a gradient flows to it: a leaf that asked for one, or the result of an op on such. */
    public boolean requiresGrad() {
        return leafRequiresGrad || node != null;
    }

    boolean isLeafWithGrad() {
        return leafRequiresGrad;
    }

    /** The gradient of this leaf, summed over all backward calls since {@link #zeroGrad()}; null before the first. */
    public @Nullable Tensor grad() {
        LeafGradient g = gradient;
        return g == null ? null : g.shown();
    }

    /** Whether {@link #grad()} is there. */
    public boolean hasGrad() {
        LeafGradient g = gradient;
        return g != null && g.isSet();
    }

    /** Forgets the gradient of this leaf. */
    public void zeroGrad() {
        if (gradient != null) {
            gradient.clear();
        }
    }

    /**
     * Computes the gradient of this scalar for every leaf that requires one, and adds it to
     * {@link #grad()}. Can be called once for each forward.
     */
    public void backward() {
        if (numel() != 1) {
            throw new ShapeException(
                    "Expected a scalar for backward(); got " + shape() + ". Fix: reduce it, or backward(upstream).");
        }
        backward(onesLike(this));
    }

    /** As {@link #backward()} for any shape, from the gradient of what follows. */
    public void backward(Tensor upstream) {
        if (!requiresGrad()) {
            throw new IllegalStateException(
                    "Expected a tensor that requires a gradient; got one that does not. Fix: compute it from"
                            + " parameters with requiresGrad(true), not frozen and not detached, with no noGrad around it.");
        }
        if (!upstream.shape().equals(shape())) {
            throw new ShapeException(
                    "Expected an upstream gradient of shape %s; got %s.".formatted(shape(), upstream.shape()));
        }
        Tape.backward(this, upstream);
    }

    /**
     * The same values without their history; no gradient flows through it. They share their memory: what an optimizer does
     * to a parameter later shows, unless it is {@code detach().copy()}.
     */
    public Tensor detach() {
        return new Tensor(array());
    }

    /** This tensor as the result of an op that changes nothing: without its history where nothing is recorded. */
    Tensor unlessRecording() {
        return requiresGrad() && !Tape.enabled() ? new Tensor(array()) : this;
    }

    /** The same values in memory of their own; gradients flow through. */
    public Tensor copy() {
        return ShapeOps.copy(this);
    }

    /** Runs without recording: nothing in it requires a gradient. */
    public static void noGrad(Runnable body) {
        Tape.noGrad(() -> {
            body.run();
            return true;
        });
    }

    /** As {@link #noGrad(Runnable)}, with a result. */
    public static <T> T noGrad(Supplier<T> body) {
        return Tape.noGrad(body);
    }

    /** Runs with recording, also when called within {@link #noGrad(Runnable)}. */
    public static void withGrad(Runnable body) {
        Tape.recording(true, () -> {
            body.run();
            return true;
        });
    }

    /** Whether operations on this thread are recorded now. */
    public static boolean gradEnabled() {
        return Tape.enabled();
    }

    // ---- memory -------------------------------------------------------------------------------

    /**
     * Keeps the values of a tensor that was made inside a training step for as long as somebody holds it;
     * otherwise its memory serves the next step. Not needed anywhere else.
     *
     * @return this
     */
    public Tensor keep() {
        array().storage().keep();
        return this;
    }

    /** Whether its memory was given back at the end of the step that made it; reading it then throws. */
    public boolean isReleased() {
        Array a = array;
        return a != null && a.storage().isReleased();
    }

    /** This tensor: a process has one device, and every {@link Device} that can be held is that one. */
    public Tensor toDevice(Device device) {
        Objects.requireNonNull(device, "device");
        return this;
    }

    /** The device of the process. */
    public Device device() {
        return Device.current();
    }

    /** The same values as another type. */
    public Tensor toDType(DType type) {
        if (type == dtype()) {
            return unlessRecording();
        }
        DType from = dtype();
        Array in = array();
        Array out = Array.allocateImage(type.nd(), in.order(), in.shape());
        kernels().copy(in, out);
        Tensor result = new Tensor(out);
        return type.isFloatingPoint() && from.isFloatingPoint()
                ? Tape.record("toDType", result, dy -> new Tensor[] {dy.toDType(from)}, this)
                : result;
    }

    // ---- arithmetic ---------------------------------------------------------------------------

    /** this + other; shapes broadcast. */
    public Tensor add(Tensor other) {
        return Elementwise.add(this, other);
    }

    /** this + value, for each element; FLOAT32 where an INT64 tensor meets a fraction. */
    public Tensor add(double value) {
        return Elementwise.add(this, value);
    }

    /** this − other; shapes broadcast. */
    public Tensor sub(Tensor other) {
        return Elementwise.sub(this, other);
    }

    /** this − value, for each element; FLOAT32 where an INT64 tensor meets a fraction. */
    public Tensor sub(double value) {
        return Elementwise.add(this, -value);
    }

    /** this · other, element by element; shapes broadcast. */
    public Tensor mul(Tensor other) {
        return Elementwise.mul(this, other);
    }

    /** this · value, for each element; FLOAT32 where an INT64 tensor meets a fraction. */
    public Tensor mul(double value) {
        return Elementwise.mul(this, value);
    }

    /** this / other, element by element; shapes broadcast. FLOAT32 for two INT64 tensors. */
    public Tensor div(Tensor other) {
        return Elementwise.div(this, other);
    }

    /** this / value, for each element; FLOAT32 for an INT64 tensor. */
    public Tensor div(double value) {
        return Elementwise.div(this, value);
    }

    /** value − this. */
    public Tensor rsub(double value) {
        return neg().add(value);
    }

    /** Each element to this power; FLOAT32 where that is negative or a fraction and the tensor INT64. */
    public Tensor pow(double exponent) {
        return Elementwise.pow(this, exponent);
    }

    /** −this. */
    public Tensor neg() {
        return Elementwise.unary(Unary.NEG, this);
    }

    /** e to the power of each element. */
    public Tensor exp() {
        return Elementwise.unary(Unary.EXP, this);
    }

    /** The natural logarithm. */
    public Tensor log() {
        return Elementwise.unary(Unary.LOG, this);
    }

    /** The square root. */
    public Tensor sqrt() {
        return Elementwise.unary(Unary.SQRT, this);
    }

    /** The absolute value; its gradient at 0 is 0. */
    public Tensor abs() {
        return Elementwise.unary(Unary.ABS, this);
    }

    /** Each element times itself. */
    public Tensor square() {
        return Elementwise.unary(Unary.SQUARE, this);
    }

    /** 1 / (1 + exp(−x)). */
    public Tensor sigmoid() {
        return Elementwise.unary(Unary.SIGMOID, this);
    }

    /** The hyperbolic tangent. */
    public Tensor tanh() {
        return Elementwise.unary(Unary.TANH, this);
    }

    /** max(x, 0); its gradient at 0 is 0. */
    public Tensor relu() {
        return Elementwise.relu(this);
    }

    /** Each element, or the nearer bound when it lies outside. */
    public Tensor clamp(double lo, double hi) {
        return Elementwise.clamp(this, lo, hi);
    }

    /**
     * Each element 0 with probability p and divided by 1 − p otherwise, so that the mean stays. Takes one draw for each
     * element, in row-major order.
     *
     * @throws IllegalArgumentException when p is not in [0, 1)
     */
    public Tensor dropout(double p, Rng rng) {
        return Elementwise.dropout(this, p, rng);
    }

    /** The larger of two, element by element; shapes broadcast. */
    public Tensor maximum(Tensor other) {
        return Elementwise.extreme(Binary.MAX, this, other);
    }

    /** The smaller of two, element by element; shapes broadcast. */
    public Tensor minimum(Tensor other) {
        return Elementwise.extreme(Binary.MIN, this, other);
    }

    // ---- comparison: FLOAT32 tensors of 1 (true) and 0, so that a mean of them is a rate --------

    /** Where this = other; shapes broadcast. */
    public Tensor eq(Tensor other) {
        return Elementwise.binary(Binary.EQ, this, other);
    }

    public Tensor eq(double value) {
        return Elementwise.scalar(Binary.EQ, this, value);
    }

    /** Where this ≠ other; shapes broadcast. */
    public Tensor ne(Tensor other) {
        return Elementwise.binary(Binary.NE, this, other);
    }

    public Tensor ne(double value) {
        return Elementwise.scalar(Binary.NE, this, value);
    }

    /** Where this > other; shapes broadcast. */
    public Tensor gt(Tensor other) {
        return Elementwise.binary(Binary.GT, this, other);
    }

    public Tensor gt(double value) {
        return Elementwise.scalar(Binary.GT, this, value);
    }

    /** Where this ≥ other; shapes broadcast. */
    public Tensor ge(Tensor other) {
        return Elementwise.binary(Binary.GE, this, other);
    }

    public Tensor ge(double value) {
        return Elementwise.scalar(Binary.GE, this, value);
    }

    /** Where this &lt; other; shapes broadcast. */
    public Tensor lt(Tensor other) {
        return Elementwise.binary(Binary.LT, this, other);
    }

    public Tensor lt(double value) {
        return Elementwise.scalar(Binary.LT, this, value);
    }

    /** Where this ≤ other; shapes broadcast. */
    public Tensor le(Tensor other) {
        return Elementwise.binary(Binary.LE, this, other);
    }

    public Tensor le(double value) {
        return Elementwise.scalar(Binary.LE, this, value);
    }

    /** a where the condition is not 0, b elsewhere; shapes broadcast. */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return Elementwise.where(condition, a, b);
    }

    // ---- reductions ---------------------------------------------------------------------------

    /** The sum of all elements, shape {@code []}. */
    public Tensor sum() {
        return Reductions.all(Reduce.SUM, this);
    }

    /** The sum along one dimension, which stays with size 1 or goes. */
    public Tensor sum(int dim, boolean keepDim) {
        return Reductions.along(Reduce.SUM, this, dim, keepDim);
    }

    /** The mean of all elements, shape {@code []}. */
    public Tensor mean() {
        return Reductions.all(Reduce.MEAN, this);
    }

    /** The mean along one dimension, which stays with size 1 or goes. */
    public Tensor mean(int dim, boolean keepDim) {
        return Reductions.along(Reduce.MEAN, this, dim, keepDim);
    }

    /** The largest of all elements, shape {@code []}. */
    public Tensor max() {
        return Reductions.all(Reduce.MAX, this);
    }

    /** The largest along one dimension, which stays with size 1 or goes. */
    public Tensor max(int dim, boolean keepDim) {
        return Reductions.along(Reduce.MAX, this, dim, keepDim);
    }

    /** The smallest of all elements, shape {@code []}. */
    public Tensor min() {
        return Reductions.all(Reduce.MIN, this);
    }

    /** The smallest along one dimension, which stays with size 1 or goes. */
    public Tensor min(int dim, boolean keepDim) {
        return Reductions.along(Reduce.MIN, this, dim, keepDim);
    }

    /** The index (INT64) of the first largest element along a dimension, which goes; NaN is passed over. */
    public Tensor argmax(int dim) {
        return Reductions.argmax(this, dim);
    }

    /** exp(x) / Σ exp(x) along a dimension. */
    public Tensor softmax(int dim) {
        return Reductions.softmax(this, dim, false);
    }

    /** The logarithm of {@link #softmax}, computed stably. */
    public Tensor logSoftmax(int dim) {
        return Reductions.softmax(this, dim, true);
    }

    // ---- products -----------------------------------------------------------------------------

    /** Matrix product {@code [.., m, k] × [.., k, n]}; leading dimensions broadcast, vectors work as in NumPy. */
    public Tensor matmul(Tensor other) {
        return Products.matmul(this, other);
    }

    /** {@code this · weightᵀ + bias} for this {@code [.., in]}, weight {@code [out, in]}, bias {@code [out]} or null. */
    public Tensor linear(Tensor weight, @Nullable Tensor bias) {
        return Products.linear(this, weight, bias);
    }

    // ---- shape --------------------------------------------------------------------------------

    /** The same elements in row-major order with other sizes; one may be −1. */
    public Tensor reshape(int... shape) {
        return ShapeOps.reshape(this, shape);
    }

    /** All dimensions from {@code startDim} on as one. */
    public Tensor flatten(int startDim) {
        int axis = shape().axis(startDim);
        int[] kept = Arrays.copyOf(dims(), axis + 1);
        kept[axis] = -1;
        return reshape(kept);
    }

    /** Without this dimension of size 1. */
    public Tensor squeeze(int dim) {
        int axis = shape().axis(dim);
        if (size(axis) != 1) {
            throw new ShapeException(
                    "Expected size 1 in dimension %d of %s; got %d.".formatted(axis, shape(), size(axis)));
        }
        int[] old = dims();
        int[] kept = new int[old.length - 1];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = old[i < axis ? i : i + 1];
        }
        return reshape(kept);
    }

    /** With a new dimension of size 1 at this place; −1 adds it at the end. */
    public Tensor unsqueeze(int dim) {
        int[] old = dims();
        int axis = dim < 0 ? dim + old.length + 1 : dim;
        if (axis < 0 || axis > old.length) {
            throw new ShapeException("Expected a place from %d to %d in %s; got %d."
                    .formatted(-old.length - 1, old.length, shape(), dim));
        }
        int[] grown = new int[old.length + 1];
        for (int i = 0; i < grown.length; i++) {
            grown[i] = i == axis ? 1 : old[i < axis ? i : i - 1];
        }
        return reshape(grown);
    }

    /** The dimensions in another order: dimension {@code axes[i]} becomes dimension i. */
    public Tensor permute(int... axes) {
        return ShapeOps.permute(this, axes);
    }

    /** With two dimensions swapped. */
    public Tensor transpose(int a, int b) {
        int[] axes = new int[rank()];
        Arrays.setAll(axes, i -> i);
        axes[shape().axis(a)] = shape().axis(b);
        axes[shape().axis(b)] = shape().axis(a);
        return permute(axes);
    }

    /** The transposed matrix. */
    public Tensor t() {
        return transpose(0, 1);
    }

    /** The elements from {@code from} (inclusive) to {@code to} (exclusive) of a dimension; negative counts from its end. */
    public Tensor slice(int dim, int from, int to) {
        return ShapeOps.slice(this, dim, from, to, 1);
    }

    /** As {@link #slice(int, int, int)}, only every {@code step}-th. */
    public Tensor slice(int dim, int from, int to, int step) {
        return ShapeOps.slice(this, dim, from, to, step);
    }

    /**
     * Element i of the first dimension, without that dimension; negative counts from its end.
     *
     * @throws IndexOutOfBoundsException when there is no such element
     */
    public Tensor get(int i) {
        int size = size(0);
        if (i < -size || i >= size) {
            throw new IndexOutOfBoundsException(
                    "Expected an index from %d to %d of %s; got %d.".formatted(-size, size - 1, shape(), i));
        }
        int at = i < 0 ? i + size : i;
        return slice(0, at, at + 1).squeeze(0);
    }

    /** Stretches dimensions of size 1, and adds leading ones. */
    public Tensor expand(int... shape) {
        return ShapeOps.expand(this, shape);
    }

    /** Zeros around the last two dimensions; negative numbers crop. */
    public Tensor pad(int left, int right, int top, int bottom) {
        return ShapeOps.pad(this, left, right, top, bottom);
    }

    /** Tensors one after the other along an existing dimension. */
    public static Tensor concat(int dim, Tensor... tensors) {
        return ShapeOps.concat(dim, tensors);
    }

    /** Tensors of one shape along a new dimension. */
    public static Tensor stack(int dim, Tensor... tensors) {
        Tensor[] grown = new Tensor[tensors.length];
        for (int i = 0; i < grown.length; i++) {
            grown[i] = tensors[i].unsqueeze(dim);
        }
        return concat(dim, grown);
    }

    /** {@code out[i][j] = this[index[i][j]][j]} for dim 0, and so on; index is INT64 and gives the shape. */
    public Tensor gather(int dim, Tensor index) {
        return ShapeOps.gather(this, dim, index);
    }

    /** These elements of one dimension, in this order. */
    public Tensor indexSelect(int dim, int... index) {
        return ShapeOps.indexSelect(this, dim, index);
    }

    /** For INT64 labels: FLOAT32 rows with a 1 at the label, {@code [.., classes]}. */
    public Tensor oneHot(int classes) {
        return ShapeOps.oneHot(this, classes);
    }

    // ---- images [N, C, H, W]; [C, H, W] and [H, W] work, too, without the missing dimensions ----

    /** Every window's pixels as a column (im2col): {@code [N, C·kH·kW, positions]}, rows by channel, kernel row, kernel column. */
    public Tensor unfold(Window window) {
        return Convolution.unfold(this, window);
    }

    /** The adjoint of {@link #unfold} (col2im): sums columns {@code [N, C·kH·kW, positions]} into images {@code [N, C, height, width]}. */
    public static Tensor fold(Tensor columns, int height, int width, Window window) {
        return Convolution.fold(columns, height, width, window);
    }

    /** Cross-correlation with a weight {@code [out, C, kH, kW]} and a bias {@code [out]} or null: {@code [N, out, H', W']}. */
    public Tensor conv2d(Tensor weight, @Nullable Tensor bias, Window window) {
        return Convolution.conv2d(this, weight, bias, window);
    }

    /** The largest of each window; padding never wins. */
    public Tensor maxPool2d(Window window) {
        return Images.maxPool2d(this, window);
    }

    /** The mean of each window; padding counts as zeros. */
    public Tensor avgPool2d(Window window) {
        return Images.avgPool2d(this, window);
    }

    /** The mean of each channel: {@code [N, C, 1, 1]}. */
    public Tensor globalAvgPool2d() {
        return Images.globalAvgPool2d(this);
    }

    /** Every pixel repeated scale × scale times. */
    public Tensor upsampleNearest2d(int scale) {
        return Images.upsampleNearest2d(this, scale);
    }

    // ---- losses -------------------------------------------------------------------------------

    /** For logits {@code [N, classes]} and INT64 labels {@code [N]}: the mean of −log softmax at the label, shape {@code []}. */
    public Tensor crossEntropy(Tensor labels) {
        return Losses.crossEntropy(this, labels);
    }

    /** The mean of (this − target)², shape {@code []}. */
    public Tensor mseLoss(Tensor target) {
        return Losses.mse(this, target);
    }

    /** The mean of |this − target|, shape {@code []}. */
    public Tensor l1Loss(Tensor target) {
        return Losses.l1(this, target);
    }

    // ---- for the ops --------------------------------------------------------------------------

    static Kernels kernels() {
        return Processor.kernels();
    }

    /** The memory in whatever order it is; computes what is pending. */
    Array array() {
        return computed(Order.ROW_MAJOR);
    }

    private Array computed(Order wanted) {
        Array a = array;
        return a != null ? a : compute(wanted);
    }

    private synchronized Array compute(Order wanted) {
        Array a = array;
        if (a == null) {
            a = Objects.requireNonNull(pending).compute(wanted);
            array = a;
            pending = null;
        }
        return a;
    }

    @Nullable
    Pending pending() {
        return array == null ? pending : null;
    }

    int[] dims() {
        Pending p = pending;
        return array == null && p != null ? p.shape().dims() : array().shape();
    }

    /** The memory in row-major order, copied if it is not. */
    Array rowMajor() {
        return inOrder(Order.ROW_MAJOR);
    }

    /** The memory in the same order as another array of this shape. */
    Array arrayLike(Array other) {
        return inOrder(other.order());
    }

    /** The memory in this order, copied if it is not. */
    Array inOrder(Order order) {
        return computed(order).inOrder(order, kernels());
    }

    /** With the last dimension moved to this place. */
    Tensor movedLastTo(int dim) {
        int[] axes = new int[rank()];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = i < dim ? i : i == dim ? axes.length - 1 : i - 1;
        }
        return permute(axes);
    }

    int version() {
        Array a = array;
        return a == null ? 0 : a.storage().version();
    }

    void needFloat(String op) {
        if (!dtype().isFloatingPoint()) {
            throw new IllegalArgumentException(
                    "Expected a floating-point tensor for %s; got %s %s. Fix: toDType(DType.FLOAT32)."
                            .formatted(op, dtype(), shape()));
        }
    }

    void needSameType(String op, Tensor other) {
        if (other.dtype() != dtype()) {
            throw new IllegalArgumentException(
                    "Expected tensors of one type for %s; got %s and %s. Fix: bring one to the type of the other with toDType."
                            .formatted(op, dtype(), other.dtype()));
        }
    }

    void accumulate(Tensor dy) {
        LeafGradient g = gradient;
        if (g == null) {
            g = new LeafGradient();
            gradient = g;
        }
        g.add(dy.arrayLike(array()));
    }

    /** The gradient's memory for the optimizers, null when there is none. */
    @Nullable
    Array gradArray() {
        LeafGradient g = gradient;
        return g == null ? null : g.array();
    }

    /** The same, to be changed in place: never what somebody got from {@link #grad()}. */
    @Nullable
    Array ownGradArray() {
        LeafGradient g = gradient;
        return g == null ? null : g.own();
    }
}
