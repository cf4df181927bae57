package io.miniai.tensor;

/** Where tensors live and compute: one choice for the process. */
public final class Device {
    private static final Device CPU = new Device("cpu");

    private final String name;

    private Device(String name) {
        this.name = name;
    }

    public static Device cpu() {
        return CPU;
    }

    /** The device of the process. */
    public static Device current() {
        return CPU;
    }

    void require() {}

    @Override
    public String toString() {
        return name;
    }
}
