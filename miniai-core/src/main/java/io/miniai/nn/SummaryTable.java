package io.miniai.nn;

import io.miniai.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A summary as text: columns as wide as they need to be, numbers to the right. Outputs are of one sample, so that a
 * table of common layers fits a terminal of 80 columns.
 */
final class SummaryTable {
    private static final String[] HEAD = {"name", "layer", "output", "params", "MACs", "field"};
    private static final boolean[] NUMBER = {false, false, false, true, true, true};

    private SummaryTable() {}

    static String of(Summary s, String model, Shape input) {
        List<String[]> lines = new ArrayList<>();
        lines.add(HEAD);
        for (Summary.Row r : s.rows()) {
            lines.add(new String[] {
                r.name(),
                r.layer(),
                sample(r.output()),
                number(r.parameters()),
                number(r.multiplyAdds()),
                r.receptiveField() == null ? "?" : r.receptiveField().toString()
            });
        }
        String[] total = {"", "total", "", number(s.parameters()), number(s.multiplyAdds()), ""};
        lines.add(total);
        int[] widths = widths(lines);
        String rule = rule(widths);

        StringBuilder out = new StringBuilder(model + ", input " + input + "\n");
        for (String[] line : lines) {
            if (line == total) {
                out.append(rule);
            }
            append(out, line, widths);
            if (line == HEAD) {
                out.append(rule);
            }
        }
        return out.append(footer(s)).toString();
    }

    private static String footer(Summary s) {
        long frozen = s.parameters() - s.trainableParameters();
        boolean unknown = s.rows().stream().anyMatch(r -> r.multiplyAdds() == null || r.receptiveField() == null);
        return (frozen > 0 ? "frozen: " + number(frozen) + " parameters\n" : "")
                + "output, multiply-adds (MACs): of one sample; receptive field: input pixels"
                + (unknown ? "\n?: not known for a custom module" : "");
    }

    /** A shape without the batch: {@code 16×4×4}. */
    private static String sample(Shape output) {
        return output.rank() < 2
                ? output.toString()
                : Arrays.stream(output.toArray())
                        .skip(1)
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining("×"));
    }

    private static String number(@Nullable Long n) {
        return n == null ? "?" : String.format(Locale.ROOT, "%,d", n);
    }

    private static int[] widths(List<String[]> lines) {
        int[] widths = new int[HEAD.length];
        for (String[] line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        return widths;
    }

    private static void append(StringBuilder out, String[] line, int[] widths) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String gap = " ".repeat(widths[i] - line[i].length());
            s.append(i == 0 ? "" : "  ").append(NUMBER[i] ? gap + line[i] : line[i] + gap);
        }
        out.append(s.toString().stripTrailing()).append('\n');
    }

    private static String rule(int[] widths) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            s.append(i == 0 ? "" : "  ").append("─".repeat(widths[i]));
        }
        return s.append('\n').toString();
    }
}
