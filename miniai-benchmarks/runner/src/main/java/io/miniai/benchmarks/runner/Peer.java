package io.miniai.benchmarks.runner;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who takes part: a module with its own class path, a main class, and its best settings. */
enum Peer {
    MINIAI("miniai", "io.miniai.benchmarks.miniai.MiniaiContestant", "", false),
    PORTABLE("miniai", "io.miniai.benchmarks.miniai.MiniaiContestant", "-Dminiai.kernels=portable", false),
    LIBTORCH("libtorch", "io.miniai.benchmarks.libtorch.LibtorchContestant", "", true),
    DJL("djl", "io.miniai.benchmarks.djl.DjlContestant", "-Dai.djl.offline=true", true),
    DL4J("dl4j", "io.miniai.benchmarks.dl4j.Dl4jContestant", "", false);

    private final String module;
    private final String mainClass;
    private final String option;
    private final boolean keepsPages;

    /**
     * A contestant.
     *
     * @param option for its virtual machine; may be empty
     * @param keepsPages whether glibc is told not to give large blocks back to the system: for who asks it for
     *     memory in every step
     */
    Peer(String module, String mainClass, String option, boolean keepsPages) {
        this.module = module;
        this.mainClass = mainClass;
        this.option = option;
        this.keepsPages = keepsPages;
    }

    /** As in tables and on the command line. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Starts its process. */
    ContestantProcess start() {
        List<String> options = option.isEmpty() ? List.of() : List.of(option);
        Map<String, String> environment = keepsPages
                ? Map.of("MALLOC_MMAP_THRESHOLD_", "4294967296", "MALLOC_TRIM_THRESHOLD_", "17179869184")
                : Map.of();
        return new ContestantProcess(this, Java.process(module, mainClass, options, environment));
    }
}
