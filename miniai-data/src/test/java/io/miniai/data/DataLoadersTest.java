package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.learn.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataLoadersTest {
    private static List<Integer> order(DataLoader loader) {
        List<Integer> order = new ArrayList<>();
        for (Batch batch : loader) {
            IntStream.range(0, batch.size())
                    .forEach(i -> order.add((int) Math.round(batch.x().at(i, 0, 0, 0) * 255)));
        }
        return order;
    }

    private static List<Integer> upTo(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    @Test
    void shuffles_to_train_and_never_to_validate() {
        try (DataLoaders dls = DataLoaders.of(new CountedImages(200), new CountedImages(100))
                .batchSize(16)
                .seed(3)
                .build()) {
            assertThat(order(dls.train())).isNotEqualTo(upTo(200)).containsExactlyInAnyOrderElementsOf(upTo(200));
            assertThat(order(dls.valid())).isEqualTo(upTo(100));
            assertThat(order(dls.valid())).isEqualTo(upTo(100));
        }
    }

    @Test
    void leaves_the_order_to_train_alone_on_request() {
        try (DataLoaders dls = DataLoaders.of(new CountedImages(100), new CountedImages(9))
                .shuffle(false)
                .build()) {
            assertThat(order(dls.train())).isEqualTo(upTo(100));
        }
    }

    @Test
    void validates_in_batches_twice_as_large_unless_told_otherwise() {
        CountedImages images = new CountedImages(100);
        try (DataLoaders twice = DataLoaders.of(images, images).batchSize(10).build();
                DataLoaders told = DataLoaders.of(images, images)
                        .validBatchSize(7)
                        .batchSize(10)
                        .build()) {
            assertThat(twice.train().size()).isEqualTo(10);
            assertThat(twice.valid().size()).isEqualTo(5);
            assertThat(told.train().size()).isEqualTo(10);
            assertThat(told.valid().size()).isEqualTo(15);
        }
    }

    @Test
    void drops_a_short_last_batch_only_to_train() {
        CountedImages images = new CountedImages(25);
        try (DataLoaders dls =
                DataLoaders.of(images, images).batchSize(10).dropLast(true).build()) {
            assertThat(order(dls.train())).hasSize(20);
            assertThat(order(dls.valid())).hasSize(25);
        }
    }

    @Test
    void transforms_only_what_is_trained_on() {
        ImageTransform black = (sample, rng) -> new Sample(sample.format(), new byte[4], 0);
        CountedImages images = new CountedImages(5);
        try (DataLoaders dls = DataLoaders.of(images, images).transform(black).build()) {
            assertThat(order(dls.train())).containsOnly(0);
            assertThat(order(dls.valid())).isEqualTo(upTo(5));
        }
    }

    @Test
    void normalises_both_alike() {
        CountedImages images = new CountedImages(1);
        try (DataLoaders dls = DataLoaders.of(images, images)
                .normalize(new double[] {0.5}, new double[] {0.5})
                .build()) {
            for (DataLoader loader : Arrays.asList(dls.train(), dls.valid())) {
                assertThat(loader.iterator().next().x().toFloatArray()).containsExactly(-1, -1, -1, 1);
            }
        }
    }

    @Test
    void validates_on_the_test_part_where_there_is_no_other_and_not_at_all_without() {
        CountedImages images = new CountedImages(10);
        try (DataLoaders test = DataLoaders.of(new DatasetDict(images, null, new CountedImages(4)))
                        .build();
                DataLoaders both = DataLoaders.of(new DatasetDict(images, new CountedImages(3), new CountedImages(4)))
                        .build();
                DataLoaders none = DataLoaders.of(new DatasetDict(images, null, null))
                        .workers(0)
                        .build()) {
            assertThat(order(test.valid())).hasSize(4);
            assertThat(order(both.valid())).hasSize(3);
            assertThat(none.valid()).isNull();
        }
    }

    @Test
    void closes_both_and_may_be_closed_twice() {
        CountedImages images = new CountedImages(10);
        DataLoaders dls = DataLoaders.of(images, images).build();
        dls.close();
        dls.close();
        assertThatThrownBy(() -> dls.train().iterator()).hasMessageContaining("closed");
        assertThatThrownBy(() -> dls.valid().iterator()).hasMessageContaining("closed");
    }

    @Test
    void a_batch_size_far_beyond_the_data_costs_no_memory() {
        try (DataLoader all = DataLoader.of(new CountedImages(10))
                .batchSize(Integer.MAX_VALUE)
                .build()) {
            assertThat(all.iterator().next().x().size(0)).isEqualTo(10);
        }
    }

    @Test
    void checks_settings_before_the_first_epoch() {
        CountedImages images = new CountedImages(10);
        assertThatThrownBy(() -> DataLoaders.of(images, images).batchSize(0))
                .hasMessage("batchSize: expected at least 1, got 0");
        assertThatThrownBy(() -> DataLoaders.of(images, images).validBatchSize(-3))
                .hasMessage("validBatchSize: expected at least 1, got -3");
        assertThatThrownBy(() -> DataLoaders.of(images, images)
                        .batchSize(20)
                        .dropLast(true)
                        .build())
                .hasMessageContaining("dropLast: leaves no batch of 20 from 10 samples");
        assertThatThrownBy(() -> DataLoaders.of(images, new CountedImages(0)).build())
                .hasMessage("dataset: expected at least 1 sample, got 0");
    }
}
