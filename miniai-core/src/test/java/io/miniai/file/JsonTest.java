package io.miniai.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void what_was_written_is_read_to_the_bit() {
        double[] doubles = {0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, 1 / 3.0, Double.NEGATIVE_INFINITY
        };
        for (double d : doubles) {
            double read = Json.parse(Json.write(Map.of("d", d))).number("d");
            assertThat(Double.doubleToLongBits(read)).isEqualTo(Double.doubleToLongBits(d));
        }
        for (long l : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
            long read = Json.parse(Json.write(Map.of("l", l))).integer("l", Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(read).isEqualTo(l);
        }
    }

    @Test
    void writes_maps_in_their_order() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", List.of(1, true, "x"));
        map.put("a", Map.of("deep", 2L));
        assertThat(Json.write(map)).isEqualTo("{\"b\":[1,true,\"x\"],\"a\":{\"deep\":2}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "[]", "{", "{}{}", "{\"a\":1,\"a\":2}", "{a:1}", "{\"a\":NaN}", "{\"a\":01}"})
    void throws_when_a_text_is_no_json_object(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void says_what_is_no_json() {
        assertThatThrownBy(() -> Json.parse("[]")).hasMessage("expected one JSON object; got other text");
        assertThatThrownBy(() -> Json.parse("{a:1}")).hasMessageStartingWith("expected JSON; got Unexpected character");
        assertThatThrownBy(() -> Json.write(Map.of("k", 'c')))
                .hasMessage("Expected a map, a list, a text, a number or a boolean; got a java.lang.Character.");
        Object deep = 1;
        for (int i = 0; i < 501; i++) {
            deep = List.of(deep);
        }
        Object tooDeep = deep;
        assertThatThrownBy(() -> Json.write(tooDeep)).hasMessageStartingWith("Expected what JSON can hold; got ");
    }

    @Test
    void nesting_is_bounded() {
        assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nesting depth (501) exceeds the maximum allowed (500");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"o\":{\"k\":1}}      | expected a text at o.k; got 1",
                "{\"o\":{\"k\":\"1\"}}  | expected a whole number from 0 to 2147483647 at o.n; got nothing",
                "{\"o\":{\"k\":\"1\",\"n\":-1}} | expected a whole number from 0 to 2147483647 at o.n; got -1",
                "{\"o\":1}              | expected an object at o; got 1",
            })
    void says_what_is_missing_and_where(String json, String message) {
        assertThatThrownBy(() -> {
                    JsonObject o = Json.parse(json).object("o");
                    o.text("k");
                    o.count("n");
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
