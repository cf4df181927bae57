package io.miniai.benchmarks.runner;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts programs of the benchmark modules in virtual machines of their own. */
final class Java {
    private static final String HEAP = "-Xmx2g";

    private Java() {}

    /** The folder of the benchmark modules. */
    static Path benchmarks() {
        return Path.of(System.getProperty("miniai.benchmarks", "miniai-benchmarks"))
                .normalize();
    }

    /**
     * A process that runs a class of a module; its error stream goes to a log file beside the module's classes.
     *
     * @param environment set in addition to this process's
     */
    static Process process(
            String module, String mainClass, List<String> options, Map<String, String> environment, String... args) {
        Path target = benchmarks().resolve(module).resolve("target");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add(HEAP);
            command.addAll(options);
            command.add("-cp");
            command.add(target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(target.resolve("classpath.txt")).strip());
            command.add(mainClass);
            command.addAll(List.of(args));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            target.resolve("benchmark.log").toFile()));
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot start " + mainClass + "; the command in docs/benchmarks.md builds it first.", e);
        }
    }

    /**
     * Prints what a process prints, and waits for its end.
     *
     * @return the last line
     */
    static String show(Process process) {
        String last = "";
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(line);
                last = line;
            }
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IllegalStateException("Expected success; the program ended with " + exit
                        + ". Its module's target/benchmark.log says more.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return last;
    }
}
