package io.miniai.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of its own, for what can be done only once in a process. */
public final class ChildJvm {
    /** What it printed and how it ended. */
    public record Result(int exitCode, List<String> out, List<String> err) {
        /** The value of the line {@code key=value} of the standard output. */
        public String value(String key) {
            return out.stream()
                    .filter(line -> line.startsWith(key + "="))
                    .map(line -> line.substring(key.length() + 1))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no line " + key + "= in " + out + ", errors: " + err));
        }
    }

    private final List<String> classPath =
            new ArrayList<>(Arrays.asList(System.getProperty("java.class.path").split(java.io.File.pathSeparator)));
    private String heap = "512m";
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();

    public ChildJvm property(String key, String value) {
        properties.put(key, value);
        return this;
    }

    public ChildJvm variable(String key, String value) {
        variables.put(key, value);
        return this;
    }

    public ChildJvm heap(String size) {
        heap = size;
        return this;
    }

    public ChildJvm with(List<Path> entries) {
        entries.forEach(e -> classPath.add(e.toString()));
        return this;
    }

    /** Takes away all entries of the class path whose file name begins like this. */
    public ChildJvm without(String fileName) {
        classPath.removeIf(e -> Path.of(e).getFileName().toString().startsWith(fileName));
        return this;
    }

    String classPath() {
        return String.join(java.io.File.pathSeparator, classPath);
    }

    public Result run(Path directory, Class<?> main, String... args) {
        try {
            Path out = Files.createTempFile(directory, "out", ".txt");
            Path err = Files.createTempFile(directory, "err", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command(directory, main, args))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().remove("MINIAI_DEVICE");
            builder.environment().putAll(variables);
            Process process = builder.start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("a child process did not end: " + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<String> command(Path directory, Class<?> main, String... args) throws IOException {
        // In a file: some systems limit the length of a command line.
        Path file = Files.createTempFile(directory, "class-path", ".txt");
        String quoted = classPath().replace("\\", "\\\\");
        Files.writeString(file, "-cp \"" + quoted + "\"\n", StandardCharsets.UTF_8);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-XX:TieredStopAtLevel=1");
        if (Runtime.version().feature() >= 24) {
            // Warnings of the virtual machine about JavaCPP, which no library can turn off.
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        properties.forEach((k, v) -> command.add("-D" + k + "=" + v));
        command.add("@" + file);
        command.add(main.getName());
        command.addAll(List.of(args));
        return command;
    }
}
