package io.miniai.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each message that docs/errors.md lists is in a test that it names, and each that the sources throw is listed. */
class ErrorsDocTest {
    private static final Path ROOT = Files.exists(Path.of("README.md")) ? Path.of(".") : Path.of("..");
    private static final Pattern ROW = Pattern.compile("\\| (.*) \\| (`\\w+Test`(?:, `\\w+Test`)*) \\|");

    @Test
    void every_message_of_the_list_is_in_the_tests_it_names() throws IOException {
        Map<String, String> tests = tests();
        List<String> missing = new ArrayList<>();
        int rows = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/errors.md"))) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                assertThat(line)
                        .as("a row without a test")
                        .satisfiesAnyOf(
                                l -> assertThat(l).doesNotStartWith("|"),
                                l -> assertThat(l).isIn("| message | tested in |", "|---|---|"));
                continue;
            }
            rows++;
            String longest = longestPart(row.group(1));
            for (String name : row.group(2).replace("`", "").split(", ", -1)) {
                if (!tests.getOrDefault(name, "").contains(longest)) {
                    missing.add(name + ": " + longest);
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(rows).isGreaterThan(100);
    }

    /** Files whose exceptions users do not meet, because callers guarantee what is checked, or that no test can cause. */
    private static final Set<String> NOT_LISTED = Set.of(
            "Array",
            "PortableConvolution",
            "PortableElementwise",
            "ImageDigest",
            "Nd4jStart",
            "OneBackendLoader",
            "Scanlines");

    /** Of other files. */
    private static final List<String> CANNOT_BE_CAUSED = List.of(
            "its temporary file was deleted again and again",
            "the checkpoints in it could not be listed",
            "but ND4J was started before by other code",
            "ND4J has no backend on the class path",
            "let go of tensors that are kept, or more memory");

    private static final Pattern THROWN = Pattern.compile("new \\w+(?:Exception|Error)\\(");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern BETWEEN = Pattern.compile("%(?:\\d\\$)?[.,\\d]*[a-z]|\\\\n");

    @Test
    void every_message_that_is_thrown_is_in_the_list() throws IOException {
        String list = plain(Files.readString(ROOT.resolve("docs/errors.md")));
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (Path file : sources()) {
            String source = Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
            Matcher thrown = THROWN.matcher(source);
            while (thrown.find()) {
                String longest = LITERAL.matcher(arguments(source, thrown.end()))
                        .results()
                        .flatMap(literal ->
                                BETWEEN.splitAsStream(literal.group(1).replace("\\\"", "\"")))
                        .map(part -> plain(part).replaceAll("^[ .:',;\"]+|[ .:',;\"]+$", ""))
                        .max(Comparator.comparingInt(String::length))
                        .orElse("");
                if (longest.length() > 8) { // what is shorter says nothing by itself
                    found++;
                    if (!list.contains(longest) && CANNOT_BE_CAUSED.stream().noneMatch(longest::contains)) {
                        missing.add(file.getFileName() + ": " + longest);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(200);
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("miniai-core", "miniai-data")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(f -> f.toString().endsWith(".java"))
                        .filter(f ->
                                !NOT_LISTED.contains(f.getFileName().toString().replace(".java", "")))
                        .forEach(sources::add);
            }
        }
        return sources;
    }

    /** What is between the parentheses of a call. */
    private static String arguments(String source, int from) {
        boolean inLiteral = false;
        int depth = 1;
        int i = from;
        for (; depth > 0; i++) {
            char c = source.charAt(i);
            if (c == '"' && source.charAt(i - 1) != '\\') {
                inLiteral = !inLiteral;
            } else if (!inLiteral) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
        }
        return source.substring(from, i);
    }

    private static String plain(String text) {
        return text.replace("\\_", "_").replace("&lt;", "<").replaceAll("\\s+", " ");
    }

    /** What stands between two names or numbers is the same in message, list and test. */
    private static String longestPart(String message) {
        String text = message.replaceFirst("^`\\w+`: ", "").replace("\\_", "_").replace("&lt;", "<");
        return Arrays.stream(text.split("…", -1))
                .map(String::strip)
                .max(Comparator.comparingInt(String::length))
                .orElseThrow();
    }

    /** Sources by name, with literals joined and the escapes of literals and patterns gone. */
    private static Map<String, String> tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(f ->
                            f.toString().endsWith("Test.java") && !f.toString().contains("target"))
                    .collect(Collectors.toMap(
                            f -> f.getFileName().toString().replace(".java", ""),
                            ErrorsDocTest::source,
                            (a, b) -> a + b));
        }
    }

    private static String source(Path file) {
        try {
            return Files.readString(file)
                    .replaceAll("\"\\s*\\+\\s*\"", "")
                    .replaceAll("\\\\\\\\([.()\\[\\]{}|?*+])", "$1")
                    .replace("\\\"", "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
