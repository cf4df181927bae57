package io.miniai.tensor.kernel;

import java.lang.reflect.InvocationTargetException;
import org.bytedeco.javacpp.Loader;

/**
 * Finds out whether CUDA can be used, without starting ND4J: once started, ND4J cannot change its backend.
 *
 * <p>Everything goes through reflection, because the CUDA artifacts are the application's choice.
 */
final class Cuda {
    static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    private static final String RUNTIME = "org.bytedeco.cuda.global.cudart";
    private static final String KERNELS = "org.nd4j.linalg.jcublas.bindings.Nd4jCuda";
    private static final String INSTALL_DRIVER = "install NVIDIA's driver, version 510 or newer";
    private static final int NO_DEVICE = 100;
    private static final int INSUFFICIENT_DRIVER = 35;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    /** The range of compute capabilities that ND4J's kernels were built for, as major * 10 + minor. */
    private static final int OLDEST = 35;

    private static final int NEWEST = 86;

    /**
     * What was found.
     *
     * @param declared whether the CUDA artifact is on the class path
     * @param usable whether driver, device and native code were found
     * @param trusted usable, and the device is one that the kernels were built for
     * @param got what was found, as the second half of "got: …"
     * @param fix what to do about it
     */
    record Probe(boolean declared, boolean usable, boolean trusted, String got, String fix) {
        static Probe missing(boolean declared, String got, String fix) {
            return new Probe(declared, false, false, got, fix);
        }
    }

    private Cuda() {}

    static Probe probe(ClassLoader loader) {
        if (!OneBackendLoader.isDeclared(loader, BACKEND)) {
            return Probe.missing(false, "no CUDA backend on the class path", "add to the application:" + dependency());
        }
        try {
            Class<?> runtime = Class.forName(RUNTIME, true, loader);
            int[] value = new int[1];
            int error = call(runtime, "cudaGetDeviceCount", new Class<?>[] {int[].class}, value);
            if (error != 0 || value[0] == 0) {
                return noDevice(error);
            }
            int capability = attribute(runtime, CAPABILITY_MAJOR) * 10 + attribute(runtime, CAPABILITY_MINOR);
            // Loads the kernels' native code and with it cuBLAS, cuSOLVER and cuDNN.
            Class.forName(KERNELS, true, loader);
            return device(capability);
        } catch (ReflectiveOperationException | LinkageError e) {
            return notLoadable(e);
        }
    }

    private static Probe device(int capability) {
        String got = "a device of compute capability %d.%d".formatted(capability / 10, capability % 10);
        String range = "ND4J's kernels were built for 3.5 to 8.6";
        if (capability < OLDEST) {
            return Probe.missing(true, got + ", but " + range, "use a newer device, or the CPU");
        }
        if (capability > NEWEST) {
            return new Probe(
                    true, true, false, got + ", but " + range, "ask for it by name to try it (miniai.device=cuda)");
        }
        return new Probe(true, true, true, got, "");
    }

    private static Probe noDevice(int error) {
        if (error == INSUFFICIENT_DRIVER) {
            return Probe.missing(
                    true,
                    "no NVIDIA driver, or one too old for CUDA 11.6 (cudaGetDeviceCount gives error 35)",
                    INSTALL_DRIVER);
        }
        if (error == 0 || error == NO_DEVICE) {
            return Probe.missing(
                    true,
                    "no CUDA device in this machine",
                    "make a device visible to this process (see nvidia-smi, CUDA_VISIBLE_DEVICES)");
        }
        return Probe.missing(
                true, "cudaGetDeviceCount gives error " + error, "see that nvidia-smi works on this machine");
    }

    private static Probe notLoadable(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String what = Nd4jStart.rootMessage(e);
        String platform = Loader.getPlatform();
        if (root instanceof ClassNotFoundException || root instanceof NoClassDefFoundError) {
            return Probe.missing(
                    true,
                    "an incomplete CUDA backend (" + what + ")",
                    "take it with all that it depends on:" + dependency());
        }
        // The last one: where JavaCPP knows of no CUDA at all (macOS), it loads nothing, and the call has no code.
        if (what.contains("Could not find jni")
                || what.contains("java.library.path")
                || what.contains("cudaGetDeviceCount(")) {
            return Probe.missing(
                    true,
                    "no native CUDA code for " + platform + " on the class path (" + what + ")",
                    "CUDA runs on linux-x86_64 and windows-x86_64; there, take it with all that it depends on:"
                            + dependency());
        }
        if (what.contains("libcuda.so") || what.contains("nvcuda.dll")) {
            return Probe.missing(true, "no NVIDIA driver (" + what + ")", INSTALL_DRIVER);
        }
        return Probe.missing(
                true,
                "native CUDA code that cannot be loaded (" + what + ")",
                "install CUDA 11.6 with cuDNN 8.3, or add the dependency org.bytedeco:cuda-platform-redist:11.6-8.3-1.5.7");
    }

    private static int attribute(Class<?> runtime, int attribute) throws ReflectiveOperationException {
        int[] value = new int[1];
        int error = call(
                runtime,
                "cudaDeviceGetAttribute",
                new Class<?>[] {int[].class, int.class, int.class},
                value,
                attribute,
                0);
        return error == 0 ? value[0] : 0;
    }

    private static int call(Class<?> runtime, String name, Class<?>[] types, Object... args)
            throws ReflectiveOperationException {
        try {
            return (int) runtime.getMethod(name, types).invoke(null, args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof LinkageError linkage) {
                throw linkage;
            }
            throw e;
        }
    }

    /** The one dependency to add, ready to paste. */
    static String dependency() {
        return """

                    <dependency>
                      <groupId>org.nd4j</groupId>
                      <artifactId>nd4j-cuda-11.6</artifactId>
                      <version>%s</version>
                    </dependency>""".formatted(Backend.ND4J_VERSION);
    }
}
