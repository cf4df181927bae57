package io.miniai.tensor;

import io.miniai.tensor.kernel.Backend;
import io.miniai.tensor.kernel.Backend.Kind;
import java.util.Arrays;

/**
 * The processor that all tensors of this process live on: the CPU, or a CUDA GPU.
 *
 * <p>There is one for the whole process, chosen before the first tensor, because ND4J runs on one backend.
 * Nothing needs to be done to get it: CUDA where it works, otherwise the CPU. To choose by name, in this order:
 *
 * <ol>
 *   <li>call {@link #cpu()}, {@link #cuda()} or {@link #of(String)} first thing in the program;
 *   <li>set the system property {@code miniai.device};
 *   <li>set the environment variable {@code MINIAI_DEVICE}.
 * </ol>
 *
 * <p>Which one was taken, and why, is logged once (SLF4J, level INFO, logger {@code io.miniai.Device}).
 */
public final class Device {
    private static final Device CPU = new Device(Kind.CPU);
    private static final Device CUDA = new Device(Kind.CUDA);

    private final Kind kind;

    private Device(Kind kind) {
        this.kind = kind;
    }

    /**
     * Makes this process run on the CPU.
     *
     * @return the CPU
     * @throws IllegalStateException when the process already runs on CUDA
     */
    public static Device cpu() {
        return choose(Kind.CPU, "Device.cpu()");
    }

    /**
     * Makes this process run on CUDA, and never silently on something else.
     *
     * @return the GPU
     * @throws IllegalStateException when the process already runs on the CPU, or CUDA cannot be used here; the message says
     *     what is missing and how to get it
     */
    public static Device cuda() {
        return choose(Kind.CUDA, "Device.cuda()");
    }

    /**
     * The device of this process; when none has been chosen yet: the one that property or variable name, otherwise CUDA where
     * it works, otherwise the CPU.
     *
     * @return the device
     * @throws IllegalStateException when property or variable ask for CUDA, and it cannot be used
     * @throws IllegalArgumentException when property or variable hold something else than cpu, cuda or auto
     */
    public static Device current() {
        return of(Backend.current());
    }

    /**
     * The same by its name, for command lines and configuration files.
     *
     * @param name {@code cpu}, {@code cuda} or {@code auto}; case does not matter
     * @return the device
     * @throws IllegalArgumentException for any other name
     * @throws IllegalStateException as {@link #cpu()} and {@link #cuda()}
     */
    public static Device of(String name) {
        if (name.equalsIgnoreCase("auto")) {
            return current();
        }
        return Arrays.stream(Kind.values())
                .filter(k -> k.toString().equalsIgnoreCase(name))
                .findFirst()
                .map(k -> choose(k, "Device.of(\"" + name + "\")"))
                .orElseThrow(() -> new IllegalArgumentException(
                        "Unknown device. Expected: cpu, cuda or auto; got: \"" + name + "\"."));
    }

    private static Device choose(Kind kind, String by) {
        return of(Backend.choose(kind, by));
    }

    private static Device of(Backend backend) {
        return backend.kind() == Kind.CUDA ? CUDA : CPU;
    }

    /**
     * Whether this is a GPU.
     *
     * @return true for CUDA
     */
    public boolean isCuda() {
        return kind == Kind.CUDA;
    }

    /**
     * Why the process runs on this device.
     *
     * @return for example {@code asked for by system property miniai.device}
     */
    public String reason() {
        return Backend.current().reason();
    }

    /** {@code cpu} or {@code cuda}. */
    @Override
    public String toString() {
        return kind.toString();
    }
}
