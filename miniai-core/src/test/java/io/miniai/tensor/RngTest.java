package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RngTest {
    @Test
    void every_combination_of_seed_and_keys_is_another_stream() {
        Set<Long> first = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            first.add(Rng.of(seed).nextLong());
            for (int key = 0; key < 50; key++) {
                first.add(Rng.of(seed, key).nextLong());
                first.add(Rng.of(seed).split(key + 100).nextLong());
                first.add(Rng.of(7, seed, key).nextLong());
            }
        }
        assertThat(first).hasSize(50 + 3 * 50 * 50);
    }
}
