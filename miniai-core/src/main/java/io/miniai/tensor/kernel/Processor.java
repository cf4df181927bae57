package io.miniai.tensor.kernel;

import org.jspecify.annotations.Nullable;

/** Which kernels compute in this process. */
public final class Processor {
    private static volatile @Nullable Kernels kernels;

    private Processor() {}

    /** The kernels of the process, chosen at the first call. */
    public static Kernels kernels() {
        Kernels k = kernels;
        return k == null ? choose() : k;
    }

    private static synchronized Kernels choose() {
        Kernels k = kernels;
        if (k == null) {
            k = new PortableKernels();
            kernels = k;
        }
        return k;
    }

    /** Computes with other kernels from now on: for tests that compare them. */
    public static void use(Kernels other) {
        kernels = other;
    }
}
