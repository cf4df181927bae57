package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Geometry;
import io.miniai.tensor.kernel.Order;
import io.miniai.tensor.kernel.Scope;
import org.jspecify.annotations.Nullable;

/** A convolution that waits for a ReLU behind it. */
final class PendingConv extends Pending {
    private final Tensor x;
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final Geometry geometry;
    private final int imagesVersion;
    private final int weightVersion;
    private final int biasVersion;
    private @Nullable Array images;

    PendingConv(Tensor x, Tensor weight, @Nullable Tensor bias, Geometry geometry) {
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.geometry = geometry;
        this.imagesVersion = x.version();
        this.weightVersion = weight.version();
        this.biasVersion = bias == null ? 0 : bias.version();
    }

    @Override
    Shape shape() {
        return Shape.wrap(new int[] {geometry.n(), weight.size(0), geometry.outH(), geometry.outW()});
    }

    @Override
    DType dtype() {
        return x.dtype();
    }

    @Override
    Array computed(Order wanted) {
        return convolved(false);
    }

    private Array convolved(boolean relu) {
        if (x.version() != imagesVersion
                || weight.version() != weightVersion
                || (bias != null && bias.version() != biasVersion)) {
            throw new IllegalStateException("The result of a conv2d " + shape()
                    + " was first read after its images or its weight had been changed in place, by an optimizer for"
                    + " example, so it was never computed. Fix: read or keep() it before step().");
        }
        Array in = images();
        Array out = Array.allocateImage(in.type(), in.order(), shape().dims());
        kernels().conv2d(in, weight.rowMajor(), bias == null ? null : bias.array(), geometry, relu, out);
        return out;
    }

    /** The images in the memory order of the convolution, copied at most once for it and its gradient. */
    private Array images() {
        Array in = images;
        if (in == null) {
            Scope reader = enterOwnScope();
            try {
                in = x.inOrder(kernels().imageOrder(x.dtype().nd(), geometry, weight.size(0)));
            } finally {
                Scope.leave(reader);
            }
            images = in;
        }
        return in;
    }

    /** The ReLU of the convolution, computed and recorded as one op. */
    Tensor withRelu() {
        Array out = convolved(true);
        return recorded(new Tensor(out), out);
    }

    Tensor recorded(Tensor out, @Nullable Array reluOutput) {
        Tensor[] inputs = bias == null ? new Tensor[] {x, weight} : new Tensor[] {x, weight, bias};
        return Tape.record("conv2d", out, dy -> gradients(dy, reluOutput), inputs);
    }

    private @Nullable Tensor[] gradients(Tensor dy, @Nullable Array reluOutput) {
        Array in = images();
        Tensor dx = x.requiresGrad() ? new Tensor(in.allocateLike()) : null;
        Tensor dw = like(weight);
        Tensor db = bias == null ? null : like(bias);
        kernels()
                .conv2dGrad(
                        in,
                        weight.rowMajor(),
                        geometry,
                        reluOutput,
                        dy.inOrder(in.order()),
                        dx == null ? null : dx.array(),
                        dw == null ? null : dw.array(),
                        db == null ? null : db.array());
        return bias == null ? new Tensor[] {dx, dw} : new Tensor[] {dx, dw, db};
    }

    private static @Nullable Tensor like(Tensor t) {
        return t.requiresGrad()
                ? new Tensor(Array.allocate(t.dtype().nd(), t.shape().dims()))
                : null;
    }
}
