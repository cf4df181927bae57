package io.miniai.callback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossChartTest {
    @ParameterizedTest(name = "a range of {0}: {1}")
    @CsvSource({"2.0, 0.0", "0.08, 0.00", "0.9, 0.0", "0.7, 0.00", "30, 0", "4000, 0", "0.0008, 0.0000", "0, 0.000"})
    void labels_of_the_loss_have_as_many_decimals_as_tell_neighbours_apart(double range, String pattern) {
        assertThat(LossChart.pattern(range)).isEqualTo(pattern);
    }
}
