package io.miniai.benchmarks.runner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who takes part: a module with its own class path, a main class, and its best settings. */
enum Peer {
    MINIAI("miniai", "io.miniai.benchmarks.miniai.MiniaiContestant", ""),
    PORTABLE("miniai", "io.miniai.benchmarks.miniai.MiniaiContestant", "-Dminiai.kernels=portable"),
    LIBTORCH("libtorch", "io.miniai.benchmarks.libtorch.LibtorchContestant", ""),
    DJL("djl", "io.miniai.benchmarks.djl.DjlContestant", "-Dai.djl.offline=true"),
    DL4J("dl4j", "io.miniai.benchmarks.dl4j.Dl4jContestant", "");

    private final String module;
    private final String mainClass;
    private final String option;

    /**
     * A contestant.
     *
     * @param option for its virtual machine; may be empty
     */
    Peer(String module, String mainClass, String option) {
        this.module = module;
        this.mainClass = mainClass;
        this.option = option;
    }

    /** As in tables and on the command line. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Starts its process, with more options for the virtual machine. */
    ContestantProcess start(String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        if (!option.isEmpty()) {
            options.add(option);
        }
        return new ContestantProcess(this, Java.process(module, mainClass, options, environment()));
    }

    /** Starts another program of its module with its settings. */
    Process process(String otherMainClass, String... args) {
        List<String> options = option.isEmpty() ? List.of() : List.of(option);
        return Java.process(module, otherMainClass, options, environment(), args);
    }

    /** What made it faster when it was tried; docs/benchmarks.md has the figures. */
    private Map<String, String> environment() {
        Map<String, String> settings = new HashMap<>();
        if (this == LIBTORCH || this == DJL) {
            // They ask for memory in every step: glibc shall not give large blocks back to the system in between.
            settings.put("MALLOC_MMAP_THRESHOLD_", "4294967296");
            settings.put("MALLOC_TRIM_THRESHOLD_", "17179869184");
        }
        if (this == LIBTORCH) {
            // Convolutions run on OpenMP's threads; OpenBLAS's own, waiting busily for the next matrix product,
            // take the cores away from them.
            settings.put("OPENBLAS_NUM_THREADS", "1");
        }
        return settings;
    }
}
