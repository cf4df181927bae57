package io.miniai.callback;

import io.miniai.learn.Borrows;
import io.miniai.learn.Callback;
import io.miniai.learn.Learner;
import io.miniai.tensor.Device;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a fit runs on a device: the model is moved there before the fit, each batch before it is used.
 *
 * <p>{@link Device} logs once for the process which device it is and why. Order −100: before callbacks that look at batches.
 */
public final class DeviceCB implements Callback, Borrows {
    private @Nullable Device device;

    /** The device of the process: CUDA where it works, otherwise the CPU. */
    public DeviceCB() {}

    /** This device and no other, for example {@code new DeviceCB(Device.cuda())}. */
    public DeviceCB(Device device) {
        this.device = Objects.requireNonNull(device, "device");
    }

    @Override
    public int order() {
        return -100;
    }

    @Override
    public void beforeFit(Learner learn) {
        learn.model().toDevice(device());
    }

    @Override
    public void beforeBatch(Learner learn) {
        learn.setBatch(learn.batch().toDevice(device()));
    }

    private Device device() {
        Device d = device;
        if (d == null) {
            d = Device.current();
            device = d;
        }
        return d;
    }
}
