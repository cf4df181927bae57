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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each message that docs/errors.md lists is in a test that it names. */
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
