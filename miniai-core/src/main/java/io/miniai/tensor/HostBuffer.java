package io.miniai.tensor;

import io.miniai.tensor.kernel.Array;
import io.miniai.tensor.kernel.Backend;
import io.miniai.tensor.kernel.Scope;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * FLOAT32 values on their way into a tensor: what loader threads fill while another thread trains.
 *
 * <p>On the CPU the values are written straight into the tensor's memory, so that {@link #toTensor} costs
 * nothing; elsewhere it copies them to the device. Never used by two threads at once; one that is dropped
 * gives its memory back by itself.
 */
public final class HostBuffer {
    private final int length;
    private final @Nullable Array direct;
    private final float @Nullable [] heap;
    private boolean handedOver;

    /** @param onCpu whether Java can write into the memory of tensors */
    HostBuffer(int length, boolean onCpu) {
        this.length = length;
        this.direct = onCpu ? unscoped(length) : null;
        this.heap = onCpu ? null : new float[length];
    }

    /** Room for this many values, of undefined content. */
    public static HostBuffer allocate(int length) {
        return new HostBuffer(length, Backend.current().kind() == Backend.Kind.CPU);
    }

    private static Array unscoped(int length) {
        Scope before = Scope.suspend();
        try {
            return Array.allocate(DataType.FLOAT, length);
        } finally {
            Scope.leave(before);
        }
    }

    /**
     * Writes values.
     *
     * @param at where the first goes
     * @param values of which the first {@code n} are written
     * @throws IndexOutOfBoundsException when they do not fit
     * @throws IllegalStateException after {@link #toTensor}
     */
    public void put(int at, float[] values, int n) {
        checkOwned();
        if (direct != null) {
            direct.write(at, values, n);
        } else if (heap != null) {
            Objects.checkFromIndexSize(at, n, length);
            System.arraycopy(values, 0, heap, at, n);
        }
    }

    /**
     * The first values in row-major order as a tensor, which belongs to this thread's current {@link Workspace}
     * as if it had been made in there. Can be called once.
     *
     * @throws ShapeException when the shape has more elements than there is room for
     * @throws IllegalStateException when called again
     */
    public Tensor toTensor(int... dims) {
        checkOwned();
        Shape shape = Shape.of(dims);
        if (shape.numel() > length) {
            throw new ShapeException("Expected a shape of at most %d elements, which the buffer has room for; got %s."
                    .formatted(length, shape));
        }
        handedOver = true;
        if (direct != null) {
            direct.storage().joinScope();
            return new Tensor(direct.beginning(shape.dims()));
        }
        float[] values = Arrays.copyOf(Objects.requireNonNull(heap), (int) shape.numel());
        return Tensor.of(values, dims);
    }

    private void checkOwned() {
        if (handedOver) {
            throw new IllegalStateException(
                    "This buffer has become a tensor. Expected: a buffer for every tensor. Fix: allocate another.");
        }
    }
}
