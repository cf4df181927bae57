package io.miniai.benchmarks.libtorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A network as a list of PyTorch calls over named parameters. Names and shapes are those of the
 * lesson's Python modules ({@code 0.0.weight}, {@code [out, in, kH, kW]}).
 */
public final class Net {
    /**
     * A weight or bias.
     *
     * @param bound PyTorch draws its start uniformly from [-bound, bound)
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Parameter(String name, long[] shape, double bound) {
        long count() {
            long n = 1;
            for (long d : shape) {
                n *= d;
            }
            return n;
        }
    }

    private interface Step {
        Tensor apply(Tensor x, Tensor[] parameters);
    }

    private static final long[] ONE = {1, 1};

    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    private Net() {}

    /** The lesson's classifier, 1→4→8→16→16→10, 3×3, stride 2: 5,274 parameters. */
    public static Net cnn() {
        return new Net()
                .conv("0.0", 1, 4, 2, true)
                .conv("1.0", 4, 8, 2, true)
                .conv("2.0", 8, 16, 2, true)
                .conv("3.0", 16, 16, 2, true)
                .conv("4", 16, 10, 2, false)
                .flatten();
    }

    /** The same geometry, 1→32→64→128→128→10. */
    public static Net wide() {
        return new Net()
                .conv("0.0", 1, 32, 2, true)
                .conv("1.0", 32, 64, 2, true)
                .conv("2.0", 64, 128, 2, true)
                .conv("3.0", 128, 128, 2, true)
                .conv("4", 128, 10, 2, false)
                .flatten();
    }

    /** The lesson's autoencoder down to 8 maps of 4×4: 777 parameters. */
    public static Net autoencoder() {
        return new Net()
                .pad(2)
                .conv("1.0", 1, 2, 2, true)
                .conv("2.0", 2, 4, 2, true)
                .conv("3.0", 4, 8, 2, true)
                .deconv("4", 8, 4, true)
                .deconv("5", 4, 2, true)
                .deconv("6", 2, 1, false)
                .pad(-2)
                .sigmoid();
    }

    /** The autoencoder without its 4×4 stage: 189 parameters. */
    public static Net smallAutoencoder() {
        return new Net()
                .pad(2)
                .conv("1.0", 1, 2, 2, true)
                .conv("2.0", 2, 4, 2, true)
                .deconv("3", 4, 2, true)
                .deconv("4", 2, 1, false)
                .pad(-2)
                .sigmoid();
    }

    /** Linear(784, 50), ReLU, Linear(50, 10) over flattened images: 39,760 parameters. */
    public static Net mlp() {
        return new Net().flatten().linear("1", 784, 50, true).linear("3", 50, 10, false);
    }

    /** Three 3×3 convolutions of stride 1, each with ReLU and 2×2 max-pooling, and a linear head. */
    public static Net poolCnn(int size) {
        long grid = size / 8;
        return new Net()
                .conv("0", 1, 16, 1, true)
                .maxPool()
                .conv("3", 16, 32, 1, true)
                .maxPool()
                .conv("6", 32, 64, 1, true)
                .maxPool()
                .flatten()
                .linear("10", 64 * grid * grid, 10, false);
    }

    /** In the order in which {@link #forward} takes them. */
    public List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    /** How many numbers the parameters hold. */
    public long numel() {
        return parameters.stream().mapToLong(Parameter::count).sum();
    }

    /** The output for images {@code [N, 1, H, W]}. */
    public Tensor forward(Tensor x, Tensor[] values) {
        for (Step step : steps) {
            x = step.apply(x, values);
        }
        return x;
    }

    private Net conv(String name, long in, long out, int stride, boolean relu) {
        int w = register(name, in * 9, out, in, 3, 3);
        long[] strides = {stride, stride};
        steps.add((x, p) -> torch.conv2d(x, p[w], new TensorOptional(p[w + 1]), strides, ONE, ONE, 1));
        return relu ? relu() : this;
    }

    private Net deconv(String name, long in, long out, boolean relu) {
        steps.add((x, p) -> torch.upsample_nearest2d(x, x.size(2) * 2, x.size(3) * 2));
        return conv(name + ".1", in, out, 1, relu);
    }

    private Net linear(String name, long in, long out, boolean relu) {
        int w = register(name, in, out, in);
        steps.add((x, p) -> torch.linear(x, p[w], new TensorOptional(p[w + 1])));
        return relu ? relu() : this;
    }

    private int register(String name, long fanIn, long... shape) {
        double bound = 1 / Math.sqrt((double) fanIn);
        parameters.add(new Parameter(name + ".weight", shape, bound));
        parameters.add(new Parameter(name + ".bias", new long[] {shape[0]}, bound));
        return parameters.size() - 2;
    }

    private Net relu() {
        steps.add((x, p) -> torch.relu(x));
        return this;
    }

    private Net maxPool() {
        long[] two = {2, 2};
        long[] none = {0, 0};
        steps.add((x, p) -> torch.max_pool2d(x, two, two, none, ONE, false));
        return this;
    }

    private Net pad(long n) {
        long[] sides = {n, n, n, n};
        steps.add((x, p) -> torch.constant_pad_nd(x, sides));
        return this;
    }

    private Net flatten() {
        steps.add((x, p) -> x.flatten(1, -1));
        return this;
    }

    private Net sigmoid() {
        steps.add((x, p) -> torch.sigmoid(x));
        return this;
    }
}
