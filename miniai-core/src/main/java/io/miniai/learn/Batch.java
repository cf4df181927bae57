package io.miniai.learn;

import io.miniai.tensor.Device;
import io.miniai.tensor.Tensor;
import java.util.Objects;

/**
 * One batch of samples: what goes into the model and what should come out.
 *
 * @param x inputs, samples first: {@code [N, ...]}, for images {@code [N, C, H, W]}
 * @param y targets, samples first: {@code [N]} for class labels, {@code [N, ...]} otherwise
 */
public record Batch(Tensor x, Tensor y) {

    /** @throws IllegalArgumentException when inputs and targets differ in their number of samples */
    public Batch {
        Objects.requireNonNull(x, "x: a batch needs its inputs");
        Objects.requireNonNull(y, "y: a batch needs its targets; give the inputs again if there are none");
        if (x.rank() == 0 || y.rank() == 0 || x.size(0) != y.size(0)) {
            throw new IllegalArgumentException("Expected inputs and targets of the same number of samples; got inputs "
                    + x.shape() + " and targets " + y.shape()
                    + ". Dimension 0 counts the samples in both: make them equal.");
        }
    }

    /** The number of samples N. */
    public int size() {
        return x.size(0);
    }

    /** This batch on the given device; itself when it is there already. */
    public Batch toDevice(Device device) {
        Tensor movedX = x.toDevice(device);
        Tensor movedY = y == x ? movedX : y.toDevice(device);
        return movedX == x && movedY == y ? this : new Batch(movedX, movedY);
    }

    /** Takes both tensors out of the reuse of the training step, so that they stay valid. */
    Batch keep() {
        x.keep();
        y.keep();
        return this;
    }
}
