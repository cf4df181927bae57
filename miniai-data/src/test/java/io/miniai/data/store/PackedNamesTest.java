package io.miniai.data.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedNamesTest {
    private static List<String> sorted(List<String> names) {
        return ClassNames.sorted(names);
    }

    @Test
    void gives_back_every_name() {
        PackedNames names = new PackedNames();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(i % 3 == 0 ? "Grüße-" + i + "-猫" : "n" + i);
            names.add(all.get(i));
        }
        names.trim();
        assertThat(names.size()).isEqualTo(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(names.get(i)).isEqualTo(all.get(i));
        }
    }

    @Test
    void sorts_numbers_in_names_as_numbers() {
        List<String> expected = List.of(
                "",
                "0.png",
                "2.png",
                "10.png",
                "99999999999999999999999.png",
                "100000000000000000000000.png",
                "a",
                "a1",
                "a1b2",
                "a1b10",
                "a2",
                "a10",
                "b");
        List<String> shuffled = new ArrayList<>(expected);
        Collections.reverse(shuffled);
        assertThat(sorted(shuffled)).isEqualTo(expected);
    }

    @Test
    void orders_names_that_differ_in_leading_zeros_only() {
        assertThat(sorted(List.of("1.png", "01.png", "001.png", "0", "00")))
                .isEqualTo(List.of("0", "00", "001.png", "01.png", "1.png"));
    }

    @Test
    void sorts_any_order_into_the_same() {
        Rng rng = Rng.of(5);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            StringBuilder name = new StringBuilder();
            for (int k = rng.nextInt(6); k >= 0; k--) {
                name.append("019ab.".charAt(rng.nextInt(6)));
            }
            names.add(name.toString());
        }
        List<String> once = sorted(names);
        int[] order = rng.permutation(names.size());
        assertThat(sorted(Arrays.stream(order).mapToObj(names::get).toList())).isEqualTo(once);
        assertThat(sorted(once)).isEqualTo(once);
    }
}
