package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightedRowsTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "1, 3", "1, 7", "2, 1", "2, 5", "3, 6", "3, 8", "4, 4", "5, 1"})
    void sums_any_number_of_rows_for_any_number_of_outputs(int outputs, int taps) {
        int length = 37;
        float[] weight = Bench.toFloats(Bench.seeded(1, outputs, taps));
        float[] start = Bench.toFloats(Bench.seeded(2, outputs));
        float[] rows = Bench.toFloats(Bench.seeded(3, taps, length));
        WeightedRows sums = new WeightedRows(Scratch.get(), weight, outputs, taps, length + 5);

        sums.start(start, length);
        for (int tap = 0; tap < taps; tap++) {
            System.arraycopy(rows, tap * length, sums.next(tap), 0, length);
        }
        sums.finish();

        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < length; i++) {
                double expected = start[o];
                for (int tap = 0; tap < taps; tap++) {
                    expected += (double) weight[o * taps + tap] * rows[tap * length + i];
                }
                assertThat((double) sums.of(o)[i]).isCloseTo(expected, within(1e-4));
            }
        }
    }

    @Test
    void the_loops_are_longer_than_what_the_jit_inlines() throws URISyntaxException {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        Path classes = Path.of(WeightedRows.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());

        int failed = ToolProvider.findFirst("javap")
                .orElseThrow()
                .run(writer, writer, "-c", "-p", "-cp", classes.toString(), WeightedRows.class.getName());

        String code = out.toString();
        assertThat(failed).as(code).isZero();
        String method = code.substring(code.indexOf("void addTo("));
        int bytecodes = Pattern.compile("(\\d+): return")
                .matcher(method)
                .results()
                .mapToInt(r -> Integer.parseInt(r.group(1)) + 1)
                .max()
                .orElseThrow();
        assertThat(bytecodes).isGreaterThan(325);
    }
}
