package io.miniai.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compiles and runs the Java of README and docs.
 *
 * <p>All blocks of a page are one program. Line n of it is line n of the page, so that the compiler's messages and
 * stack traces give the line to look at. It runs in a process of its own, in a folder with the samples as {@code data}.
 */
class SnippetsTest {
    private static final Path ROOT = Files.exists(Path.of("README.md")) ? Path.of(".") : Path.of("..");
    private static final String BEFORE = Stream.of(
                            "tensor.*",
                            "nn.*",
                            "nn.Module",
                            "optim.*",
                            "learn.*",
                            "callback.*",
                            "metric.*",
                            "data.*",
                            "data.picture.*",
                            "serve.*")
                    .map(name -> "import io.miniai." + name + "; ")
                    .collect(Collectors.joining())
            + "import static io.miniai.nn.Layers.*; import java.nio.file.Path; import java.util.ArrayList; import java.util.List; "
            + "public class Page { public static void main(String[] args) throws Exception { ";

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        pages.removeIf(page -> read(page).stream().noneMatch("```java"::equals));
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void java_of_the_page_compiles_and_runs(Path page, @TempDir Path dir) throws Exception {
        Path source = Files.writeString(dir.resolve("Page.java"), program(read(page)));
        for (KnownDataset dataset : KnownDataset.values()) {
            Path folder = Files.createDirectories(dir.resolve("data/" + dataset));
            Files.copy(SampleData.of(dataset), folder.resolve("sample.zip"));
        }
        Path log = dir.resolve("log.txt");
        String classPath = System.getProperty("java.class.path");
        try (var out = Files.newOutputStream(log)) {
            int code = ToolProvider.getSystemJavaCompiler()
                    .run(null, out, out, "-proc:none", "-cp", classPath, "-d", dir.toString(), source.toString());
            assertThat(code).as(() -> "compiling " + page + "\n" + text(log)).isZero();
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process run = new ProcessBuilder(java, "-Xmx1g", "-cp", dir + File.pathSeparator + classPath, "Page")
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = run.waitFor(5, TimeUnit.MINUTES);
        run.destroyForcibly();
        assertThat(ended).as(() -> page + " does not end\n" + text(log)).isTrue();
        assertThat(run.exitValue())
                .as(() -> "running " + page + "\n" + text(log))
                .isZero();
    }

    /** Everything that is no Java becomes an empty line; the first line of a page is never Java. */
    private static String program(List<String> page) {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : page) {
            boolean fence = line.startsWith("```");
            lines.add(inside && !fence ? line : "");
            inside = fence ? line.equals("```java") : inside;
        }
        lines.set(0, BEFORE);
        lines.add("}}");
        return String.join("\n", lines);
    }

    private static List<String> read(Path page) {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path log) {
        return String.join("\n", read(log));
    }
}
