package io.miniai.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import org.assertj.core.api.Assertions;

/** Compares tensors with what they should be. */
public final class Close {
    private Close() {}

    /** Shape and every value, to the last bit. */
    public static void assertSame(String what, Tensor actual, Numbers expected) {
        assertNear(what, actual, expected, 0);
    }

    /**
     * Shape and every value, to a relative tolerance. Below a magnitude of one, or of the largest expected value if that
     * is smaller, the tolerance is of that magnitude: sums that cancel have no relative precision.
     */
    public static void assertNear(String what, Tensor actual, Numbers expected, double tolerance) {
        assertThat(actual.shape()).as("shape of " + what).isEqualTo(Shape.of(expected.shape()));
        double[] got = actual.toDoubleArray();
        double[] want = expected.values();
        double largest = 0;
        for (double v : want) {
            largest = Math.max(largest, Math.abs(v));
        }
        double floor = Math.max(1e-30, Math.min(1, largest));
        for (int i = 0; i < want.length; i++) {
            double allowed = tolerance * Math.max(Math.abs(want[i]), floor);
            if (!(Math.abs(got[i] - want[i]) <= allowed)) {
                Assertions.fail(
                        "%s: element %d of %s is %s; PyTorch computes %s; allowed difference %.1e",
                        what, i, actual.shape(), got[i], want[i], allowed);
            }
        }
    }
}
