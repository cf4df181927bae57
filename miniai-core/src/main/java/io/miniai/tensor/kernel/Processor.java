package io.miniai.tensor.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Which kernels compute in this process: the fast ones on the CPU, the portable ones on CUDA or with
 * {@code -Dminiai.kernels=portable}.
 */
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
            boolean cpu = Backend.current().kind() == Backend.Kind.CPU;
            if (cpu) {
                Gemm.useOneThread();
            }
            k = cpu && !Settings.portable() ? new CpuKernels() : new PortableKernels();
            kernels = k;
        }
        return k;
    }

    /** Computes with other kernels from now on: for tests that compare them. */
    public static void use(Kernels other) {
        kernels = other;
    }
}
