package io.miniai.tensor.kernel;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ND4J backend of this process, chosen and started once, before the first array.
 *
 * <p>Who touches ND4J first calls {@link #current()} before. The choice is, first match wins: the one made
 * in code, the system property {@code miniai.device}, the environment variable {@code MINIAI_DEVICE}
 * ({@code cpu}, {@code cuda} or {@code auto}), and otherwise CUDA where it works, else the CPU.
 */
public final class Backend {
    /** A kind of processor. */
    public enum Kind {
        CPU("org.nd4j.linalg.cpu.nativecpu.CpuBackend"),
        CUDA(Cuda.BACKEND);

        private final String backendClass;

        Kind(String backendClass) {
            this.backendClass = backendClass;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The system property that names the device. */
    public static final String PROPERTY = "miniai.device";

    /** The environment variable that names the device. */
    public static final String VARIABLE = "MINIAI_DEVICE";

    static final String ND4J_VERSION = "1.0.0-M2.1";

    private static final Logger LOG = LoggerFactory.getLogger("io.miniai.Device");

    private static volatile @Nullable Backend started;

    private final Kind kind;
    private final String reason;
    private final String hint;

    private Backend(Kind kind, String reason) {
        this(kind, reason, "");
    }

    private Backend(Kind kind, String reason, String hint) {
        this.kind = kind;
        this.reason = reason;
        this.hint = hint;
    }

    public Kind kind() {
        return kind;
    }

    /** Why this one: the end of a sentence that begins with its name. */
    public String reason() {
        return reason;
    }

    /** The backend of this process; chooses and starts it when that has not been done. */
    public static Backend current() {
        Backend b = started;
        return b != null ? b : choose(null, "");
    }

    /**
     * Makes the process run on this kind of processor.
     *
     * @param asked the processor; null for a choice by property, variable and what is there
     * @param by who asks for it, for messages
     * @throws IllegalStateException when the process already runs on another one, or it cannot be used
     */
    public static synchronized Backend choose(@Nullable Kind asked, String by) {
        Backend b = started;
        if (b == null) {
            Settings.check();
            Nd4jStart.configure();
            b = asked != null ? startByName(asked, by) : startBySetting();
            started = b;
            LOG.info("Running on {}: {}.{}", b.kind, b.reason, b.hint);
        } else if (asked != null && asked != b.kind) {
            throw new IllegalStateException(
                    "%s asks for %s, but this process already runs on %s (%s). Expected: one device for the whole process,"
                                    .formatted(by, asked, b.kind, b.reason)
                            + " chosen before the first tensor. Fix: make it the first call of the program, or start it with"
                            + " -D%s=%s.".formatted(PROPERTY, asked));
        }
        return b;
    }

    private static Backend startBySetting() {
        String property = System.getProperty(PROPERTY);
        String name = property != null ? property : System.getenv(VARIABLE);
        String by = property != null ? "system property " + PROPERTY : "environment variable " + VARIABLE;
        if (name == null || name.isBlank() || name.strip().equalsIgnoreCase("auto")) {
            return startBest();
        }
        return Arrays.stream(Kind.values())
                .filter(k -> k.toString().equalsIgnoreCase(name.strip()))
                .findFirst()
                .map(k -> startByName(k, by))
                .orElseThrow(() -> new IllegalArgumentException(
                        "Unknown device. Expected: cpu, cuda or auto; got: \"%s\" from %s.".formatted(name, by)));
    }

    private static Backend startByName(Kind kind, String by) {
        ClassLoader loader = loader();
        Cuda.Probe cuda = kind == Kind.CUDA ? Cuda.probe(loader) : null;
        if (cuda != null && !cuda.usable()) {
            throw cudaUnusable(by, cuda.got(), cuda.fix(), null);
        }
        String runs = Nd4jStart.start(loader, kind.backendClass);
        if (!runs.equals(kind.backendClass)) {
            throw new IllegalStateException(
                    "%s asks for %s, but ND4J was started before by other code. Expected: %s; got: %s. Fix: make %1$s the first call of the program."
                            .formatted(by, kind, kind.backendClass, runs));
        }
        if (cuda == null) {
            return new Backend(kind, "asked for by " + by);
        }
        try {
            Nd4jStart.smoke();
        } catch (RuntimeException | LinkageError e) {
            String got = "%s, on which a first operation failed (%s)".formatted(cuda.got(), Nd4jStart.rootMessage(e));
            throw cudaUnusable(by, got, "use another device, or the CPU.", e);
        }
        return new Backend(kind, "asked for by " + by + ", on " + cuda.got());
    }

    private static Backend startBest() {
        ClassLoader loader = loader();
        Cuda.Probe cuda = Cuda.probe(loader);
        Kind best = cuda.trusted() ? Kind.CUDA : Kind.CPU;
        String runs = Nd4jStart.start(loader, best.backendClass);
        if (!runs.equals(best.backendClass)) {
            Kind kind = runs.equals(Kind.CUDA.backendClass) ? Kind.CUDA : Kind.CPU;
            return new Backend(kind, "other code had started ND4J on it");
        }
        if (best == Kind.CPU) {
            return cuda.declared() ? unusedCuda(cuda.got(), cuda.fix()) : new Backend(best, cuda.got());
        }
        try {
            Nd4jStart.smoke();
            return new Backend(best, cuda.got());
        } catch (RuntimeException | LinkageError e) {
            Nd4jStart.restartOnCpu(loader, Kind.CPU.backendClass);
            String got = "%s, on which a first operation failed (%s)".formatted(cuda.got(), Nd4jStart.rootMessage(e));
            return unusedCuda(got, "ask for CUDA by name to see the whole error");
        }
    }

    private static Backend unusedCuda(String got, String fix) {
        return new Backend(Kind.CPU, "CUDA is on the class path, but got " + got, " To use CUDA: " + fix);
    }

    private static IllegalStateException cudaUnusable(String by, String got, String fix, @Nullable Throwable cause) {
        return new IllegalStateException(
                ("%s asks for cuda, which cannot be used. Expected: ND4J's CUDA backend, NVIDIA's driver and a device;"
                                + " got: %s. Fix: %s")
                        .formatted(by, got, fix),
                cause);
    }

    /** Our own class loader, or the thread's when only that one sees a backend (applications with plugins). */
    private static ClassLoader loader() {
        ClassLoader own = Backend.class.getClassLoader();
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        for (Kind kind : new Kind[] {Kind.CUDA, Kind.CPU}) {
            for (ClassLoader loader : new ClassLoader[] {own, ofThread}) {
                if (loader != null && OneBackendLoader.isDeclared(loader, kind.backendClass)) {
                    return loader;
                }
            }
        }
        throw new IllegalStateException(
                "ND4J has no backend on the class path. Expected: org.nd4j:nd4j-native; got: none."
                        + " Fix: add org.nd4j:nd4j-native:" + ND4J_VERSION + ", or stop excluding it.");
    }
}
