package io.miniai.tensor.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What the tensor floor asks of a processor. Every method writes to memory that the caller allocated.
 *
 * <p>Unless said otherwise: floating-point arrays of one type (float32 or float64) in one call, row-major,
 * output never shares memory with an input. Methods marked <em>any layout</em> take images in either
 * memory order; methods marked <em>same layout</em> get all arrays in one common memory order and may
 * work on the flat memory.
 */
public interface Kernels {

    /** The memory order in which a convolution wants its images and gives its output. */
    Order imageOrder(DataType type, Geometry g, int outputs);

    // ---- memory -------------------------------------------------------------------------------

    /** Java values in row-major order of {@code dst.shape()} into {@code dst} (float32 array, row-major). */
    void upload(float[] src, Array dst);

    /** As above for a float64 array. */
    void upload(double[] src, Array dst);

    /** As above for an int64 array. */
    void upload(long[] src, Array dst);

    /** The values of a row-major array of any type in row-major order, converted to double. */
    double[] downloadDoubles(Array src);

    /** The values of a row-major float32 array. */
    float[] downloadFloats(Array src);

    /** The values of a row-major int64 array. */
    long[] downloadLongs(Array src);

    /** Where the first of these int64 values is that is not from 0 to {@code size − 1}; −1 if all are. */
    int firstOutside(Array values, long size);

    /** Copies; types and memory orders may differ (float to int64 truncates). Same logical shape. */
    void copy(Array src, Array dst);

    void fill(Array dst, double value);

    /**
     * Images of bytes as floats: out[n, c, h, w] = values[c][byte]; float32, any layout.
     *
     * @param images arrays in which they lie, {@code [c, h, w]}
     * @param starts where in its array each begins
     * @param values 256 for each channel
     */
    void lookup(byte[][] images, int[] starts, float[][] values, Array out);

    /**
     * out[i] = 0 with probability p, otherwise 1 / (1 − p), i counted in row-major order, by draw i of {@link SplitMix}
     * from this state on; any layout.
     */
    void dropoutMask(long state, double p, Array out);

    /** out = x with sizes of 1 stretched to out's (NumPy broadcasting), each in any layout; floating point. */
    default void broadcast(Array x, Array out) {
        Array zeros = out.allocateLike();
        fill(zeros, 0);
        binary(Binary.ADD, x, zeros, out);
    }

    // ---- elementwise --------------------------------------------------------------------------

    /** out = op(x); same layout. */
    void unary(Unary op, Array x, Array out);

    /** dx = op'(·) · dy with {@code saved} the input or output as {@link Unary#savesOutput()} says; same layout. */
    void unaryGrad(Unary op, Array saved, Array dy, Array dx);

    /**
     * out = a op b with NumPy broadcasting to {@code out.shape()}; equal shapes: same layout, otherwise
     * any. Comparisons: {@code out} is float32 0/1 (a and b may then be int64, too).
     */
    void binary(Binary op, Array a, Array b, Array out);

    /** out = a op scalar; same layout. Comparisons: {@code out} is float32 0/1. */
    void scalar(Binary op, Array a, double scalar, Array out);

    /** dst += factor · src; same shape, same layout. */
    void axpy(double factor, Array src, Array dst);

    /** out = lo ≤ x ≤ hi ? x : the nearer bound; same layout. */
    void clamp(Array x, double lo, double hi, Array out);

    /** out = condition ≠ 0 ? a : b; equal shapes, row-major; the condition is float32. */
    void where(Array condition, Array a, Array b, Array out);

    // ---- reductions ---------------------------------------------------------------------------

    /** Reduces over {@code dims} (sorted, non-negative); out has size 1 there, and the same layout. */
    void reduce(Reduce op, Array x, int[] dims, Array out);

    /** The index (int64) of the first largest value along {@code dim}; out has size 1 there. */
    void argmax(Array x, int dim, Array out);

    /** Whether no value is NaN or infinite; any layout. */
    boolean isFinite(Array x);

    void softmax(Array x, int dim, boolean log, Array out);

    /** dx from the output y of softmax or log-softmax. */
    void softmaxGrad(Array y, Array dy, int dim, boolean log, Array dx);

    // ---- linear algebra -----------------------------------------------------------------------

    /**
     * out = op(a) · op(b), op transposes the last two dimensions when asked. 2-D, or 3-D with equal
     * batch size in the first dimension. {@code bias} (2-D only): a row {@code [columns]} added to every row.
     */
    void matmul(Array a, boolean transposeA, Array b, boolean transposeB, @Nullable Array bias, Array out);

    // ---- shape --------------------------------------------------------------------------------

    /** out[…] = x with dimension axes[i] of x as dimension i of out. */
    void permute(Array x, int[] axes, Array out);

    /** out[i…] = x[begin + i · step …] for every dimension; out's shape says how many. Any type. */
    void slice(Array x, int[] begin, int[] step, Array out);

    /** dst[begin + i · step …] = src[i…]; the rest of dst stays. Any type. */
    void putSlice(Array src, int[] begin, int[] step, Array dst);

    /** out[i…] = x[… index[i…] at dim …]; index (int64) has out's shape. */
    void gather(Array x, int dim, Array index, Array out);

    /** dst[… index[i…] at dim …] += src[i…]; index has src's shape. */
    void scatterAdd(Array src, int dim, Array index, Array dst);

    /** out[…, k at dim, …] = x[…, index[k] at dim, …]. Any type. */
    void indexSelect(Array x, int dim, int[] index, Array out);

    /** dst[…, index[k] at dim, …] += src[…, k at dim, …]. */
    void indexAdd(Array src, int dim, int[] index, Array dst);

    /** out[…, k] = labels[…] == k ? 1 : 0; labels int64, out float32. */
    void oneHot(Array labels, Array out);

    // ---- images -------------------------------------------------------------------------------

    /** x [n, c, h, w] to columns [n, c·kh·kw, outH·outW], zeros outside; row of channel, kernel row, kernel column. */
    void unfold(Array x, Geometry g, Array columns);

    /** The adjoint of unfold: sums columns back into x [n, c, h, w]. */
    void fold(Array columns, Geometry g, Array x);

    /**
     * Cross-correlation. x [n, c, h, w] any layout, weight [o, c, kh, kw], bias [o]; out
     * [n, o, outH, outW] any layout. With {@code relu}, negative results become 0. Where the geometry upsamples, x
     * is [n, c, h / upsample, w / upsample].
     */
    void conv2d(Array x, Array weight, @Nullable Array bias, Geometry g, boolean relu, Array out);

    /**
     * Gradients of conv2d; those that are null are not wanted. Any layout but of the weight. {@code reluOutput}: the
     * output of the forward with relu, or null when it ran without.
     */
    void conv2dGrad(
            Array x,
            Array weight,
            Geometry g,
            @Nullable Array reluOutput,
            Array dy,
            @Nullable Array dx,
            @Nullable Array dWeight,
            @Nullable Array dBias);

    /** Largest value of each window; padding counts as minus infinity. x and out in the same layout. */
    void maxPool2d(Array x, Geometry g, Array out);

    /** The gradient goes to the first largest value of each window. All in the same layout. */
    void maxPool2dGrad(Array x, Array out, Array dy, Geometry g, Array dx);

    /** Mean of each window, padding counted as zeros (PyTorch's count_include_pad). Same layout. */
    void avgPool2d(Array x, Geometry g, Array out);

    void avgPool2dGrad(Array dy, Geometry g, Array dx);

    /** Every pixel repeated scale × scale times. Same layout. */
    void upsampleNearest2d(Array x, int scale, Array out);

    void upsampleNearest2dGrad(Array dy, int scale, Array dx);

    // ---- losses -------------------------------------------------------------------------------

    /** Mean over rows of −log softmax(logits)[label]; logits [n, classes], labels int64 [n]; loss []. Writes probabilities. */
    void crossEntropy(Array logits, Array labels, Array probabilities, Array loss);

    /** dx = (probabilities − onehot(labels)) · scale. */
    void crossEntropyGrad(Array probabilities, Array labels, double scale, Array dx);

    /** Mean of (a − b)²; same layout. */
    void mse(Array a, Array b, Array loss);

    /** Mean of |a − b|; same layout. */
    void l1(Array a, Array b, Array loss);

    // ---- optimizers ---------------------------------------------------------------------------

    /**
     * One step of SGD as PyTorch defines it, in place: g = grad + weightDecay·p; with momentum:
     * buffer = first ? g : momentum·buffer + (1 − dampening)·g; g = nesterov ? g + momentum·buffer : buffer;
     * p −= lr·g. Same layout. buffer is null without momentum.
     */
    void sgd(
            Array p,
            Array grad,
            double lr,
            double weightDecay,
            double momentum,
            double dampening,
            boolean nesterov,
            boolean first,
            @Nullable Array buffer);

    /**
     * One step of Adam (decoupled = false: weight decay added to the gradient) or AdamW (decoupled = true),
     * in place; step counts from 1. Same layout.
     */
    void adam(
            Array p,
            Array grad,
            Array m,
            Array v,
            double lr,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decoupled,
            long step);
}
