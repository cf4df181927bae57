package io.miniai.tensor.kernel;

import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.context.Nd4jContext;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Starts ND4J on one given backend, quietly. */
final class Nd4jStart {
    private static final String CPU_OPS = "org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu";

    /** Where JavaCPP unpacks native code; its property. */
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";

    private static @Nullable String firstReason;

    private Nd4jStart() {}

    /**
     * Starts ND4J, if nobody else has.
     *
     * @return the class of the backend that runs: another one than asked for when ND4J was running before
     */
    static String start(ClassLoader loader, String backendClass) {
        ND4JClassLoading.setNd4jClassloader(new OneBackendLoader(loader, backendClass));
        try {
            return Nd4j.getBackend().getClass().getName();
        } catch (RuntimeException | LinkageError e) {
            if (firstReason == null) {
                firstReason = rootMessage(e); // classes that fail to start tell why at the first attempt only
            }
            throw notStarted(firstReason, e);
        }
    }

    private static IllegalStateException notStarted(String got, Throwable cause) {
        if (got.contains("Could not create the cache") || got.contains("failed to map segment")) {
            return new IllegalStateException(
                    "ND4J could not start. Expected: a folder into which its native code can be unpacked, and from which the"
                            + " system lets it run; got: " + got.replaceFirst("[.]$", "") + ". Fix: -D" + CACHE
                            + "=<such a folder> (docs/dependencies.md).",
                    cause);
        }
        return new IllegalStateException(
                ("ND4J could not start. Expected: its native code for this platform (%s) on the class path; got: %s."
                                + " Fix: add org.nd4j:nd4j-native, org.nd4j:nd4j-native-preset, org.bytedeco:openblas and"
                                + " org.bytedeco:javacpp with the classifier %1$s (docs/dependencies.md), or see the cause.")
                        .formatted(Loader.getPlatform(), got),
                cause);
    }

    /**
     * Takes ND4J off a backend that turned out not to work and puts it on the CPU.
     *
     * <p>ND4J has no such operation, but its parts take their native operations from one holder when they
     * are made: so change the holder and make the parts anew. Only right after the start, before any array.
     */
    static void restartOnCpu(ClassLoader loader, String cpuBackendClass) {
        try {
            ClassLoader onlyCpu = new OneBackendLoader(loader, cpuBackendClass);
            ND4JClassLoading.setNd4jClassloader(onlyCpu);
            Nd4jBackend cpu = make(onlyCpu, cpuBackendClass, Nd4jBackend.class);
            try (var properties = cpu.getConfigurationResource().getInputStream()) {
                Nd4jContext.getInstance().updateProperties(properties);
            }
            NativeOpsHolder.getInstance().setDeviceNativeOps(make(onlyCpu, CPU_OPS, NativeOps.class));
            NativeOpsHolder.getInstance().initOps();
            new Nd4j().initWithBackend(cpu);
            smoke();
        } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError e) {
            throw new IllegalStateException(
                    "CUDA failed at its first operation, and ND4J could not be moved to the CPU after that."
                            + " Fix: start the program with -D" + Backend.PROPERTY + "=cpu.",
                    e);
        }
    }

    private static <T> T make(ClassLoader loader, String name, Class<T> type) throws ReflectiveOperationException {
        return Class.forName(name, true, loader)
                .asSubclass(type)
                .getConstructor()
                .newInstance();
    }

    /** A few operations with a known result. @throws IllegalStateException when it is another one */
    static void smoke() {
        try (INDArray a = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}});
                INDArray product = a.mmul(a).addi(1f)) {
            float[] got = {
                product.getFloat(0, 0), product.getFloat(0, 1), product.getFloat(1, 0), product.getFloat(1, 1)
            };
            float sum = product.sumNumber().floatValue();
            if (!Arrays.equals(got, new float[] {8, 11, 16, 23}) || sum != 58) {
                throw new IllegalStateException(
                        "Wrong result of a first operation. Expected: [8.0, 11.0, 16.0, 23.0] and sum 58.0; got: "
                                + Arrays.toString(got) + " and sum " + sum + ".");
            }
        }
    }

    /** To be called before anything else of ND4J or JavaCPP: they read these once. What the user has set stays. */
    static void configure() {
        // Its version check may end the process.
        setIfAbsent(ND4JSystemProperties.VERSION_CHECK_PROPERTY, "false");
        setIfAbsent(ND4JSystemProperties.LOG_INITIALIZATION, "false");
        // JavaCPP would refuse every allocation, however small, once the process is larger than a few times the Java
        // heap, which says nothing about native memory. The pool has a bound of its own.
        setIfAbsent(ND4JSystemProperties.JAVACPP_MEMORY_MAX_PHYSICAL_BYTES, "0");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
