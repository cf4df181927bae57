package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.learn.Batch;
import io.miniai.tensor.DType;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Shape;
import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderTest {
    /** Which samples are in a batch: the first two pixels are the number. */
    private static int[] numbers(Batch batch) {
        return IntStream.range(0, batch.size())
                .map(i -> (int) Math.round(batch.x().at(i, 0, 0, 0) * 255)
                        + 256 * (int) Math.round(batch.x().at(i, 0, 0, 1) * 255))
                .toArray();
    }

    private static List<String> epoch(DataLoader loader) {
        List<String> batches = new ArrayList<>();
        for (Batch batch : loader) {
            batches.add(Arrays.toString(batch.x().toFloatArray())
                    + Arrays.toString(batch.y().toLongArray()));
        }
        return batches;
    }

    private static List<Integer> order(DataLoader loader) {
        List<Integer> order = new ArrayList<>();
        loader.forEach(batch -> Arrays.stream(numbers(batch)).forEach(order::add));
        return order;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void gives_images_as_floats_and_labels_as_integers_in_order(int workers) {
        try (DataLoader loader = DataLoader.of(new CountedImages(5))
                .batchSize(2)
                .workers(workers)
                .build()) {
            assertThat(loader.size()).isEqualTo(3);
            Iterator<Batch> batches = loader.iterator();
            Batch first = batches.next();
            assertThat(first.x().shape()).isEqualTo(Shape.of(2, 1, 2, 2));
            assertThat(first.x().toFloatArray()).containsExactly(0, 0, 0, 1, 1 / 255f, 0, 0, 1);
            assertThat(first.y().dtype()).isEqualTo(DType.INT64);
            assertThat(first.y().toLongArray()).containsExactly(0, 1);
            assertThat(numbers(batches.next())).containsExactly(2, 3);
            Batch last = batches.next();
            assertThat(last.x().shape()).isEqualTo(Shape.of(1, 1, 2, 2));
            assertThat(numbers(last)).containsExactly(4);
            assertThat(batches.hasNext()).isFalse();
            assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void gives_the_same_batches_for_any_number_of_workers() {
        ImageTransform noise = (sample, rng) -> {
            byte[] pixels = sample.pixels().clone();
            pixels[2] = (byte) rng.nextInt(256);
            return new Sample(sample.format(), pixels, sample.label());
        };
        List<List<String>> expected = new ArrayList<>();
        for (int workers : new int[] {0, 1, 2, 8}) {
            for (int prefetch : new int[] {1, 3, 50}) {
                List<List<String>> epochs = new ArrayList<>();
                try (DataLoader loader = DataLoader.of(new CountedImages(103))
                        .batchSize(10)
                        .shuffle(true)
                        .seed(7)
                        .workers(workers)
                        .prefetch(prefetch)
                        .transform(noise)
                        .build()) {
                    for (int i = 0; i < 3; i++) {
                        epochs.add(epoch(loader));
                    }
                }
                if (expected.isEmpty()) {
                    expected.addAll(epochs);
                }
                assertThat(epochs).isEqualTo(expected);
            }
        }
        assertThat(expected.get(0)).isNotEqualTo(expected.get(1));
    }

    @Test
    void shuffles_all_samples_anew_in_every_epoch() {
        try (DataLoader loader =
                DataLoader.of(new CountedImages(500)).shuffle(true).build()) {
            List<Integer> first = order(loader);
            List<Integer> second = order(loader);
            assertThat(first).isNotEqualTo(second).containsExactlyInAnyOrderElementsOf(second);
            assertThat(first.stream().sorted().toList())
                    .isEqualTo(IntStream.range(0, 500).boxed().toList());
            assertThat(first).isNotEqualTo(IntStream.range(0, 500).boxed().toList());
        }
    }

    @Test
    void depends_on_the_seed() {
        try (DataLoader one = DataLoader.of(new CountedImages(500))
                        .shuffle(true)
                        .seed(1)
                        .build();
                DataLoader two = DataLoader.of(new CountedImages(500))
                        .shuffle(true)
                        .seed(2)
                        .build()) {
            assertThat(order(one)).isNotEqualTo(order(two));
        }
    }

    @Test
    void repeats_an_epoch_on_request() {
        try (DataLoader loader =
                DataLoader.of(new CountedImages(100)).shuffle(true).build()) {
            order(loader);
            List<Integer> second = order(loader);
            order(loader);
            assertThat(loader.nextEpoch()).isEqualTo(3);
            loader.nextEpoch(1);
            assertThat(order(loader)).isEqualTo(second);
        }
    }

    @Test
    void drops_a_short_last_batch_on_request() {
        try (DataLoader loader =
                DataLoader.of(new CountedImages(10)).batchSize(4).dropLast(true).build()) {
            assertThat(loader.size()).isEqualTo(2);
            assertThat(order(loader)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        }
    }

    @Test
    void normalises_by_channel() {
        ImageDataset images = ImageDataset.of(
                new io.miniai.data.image.ImageFormat(3, 1, 1),
                new byte[] {0, 51, (byte) 255},
                new int[] {0},
                List.of("a"));
        try (DataLoader loader = DataLoader.of(images)
                .normalize(new double[] {0.5, 0, 0.2}, new double[] {0.5, 0.1, 2})
                .build()) {
            assertThat(loader.iterator().next().x().toFloatArray()).containsExactly(-1, 2, 0.4f);
        }
    }

    @Test
    void draws_for_a_transform_by_seed_epoch_and_sample() {
        ImageTransform draw = (sample, rng) -> new Sample(
                sample.format(), new byte[] {sample.pixels()[0], (byte) rng.nextInt(256), 0, 0}, sample.label());
        try (DataLoader loader =
                DataLoader.of(new CountedImages(3)).seed(9).transform(draw).build()) {
            for (int epoch = 0; epoch < 2; epoch++) {
                Batch batch = loader.iterator().next();
                for (int sample = 0; sample < 3; sample++) {
                    int expected = Rng.of(9, epoch, sample).nextInt(256);
                    assertThat(Math.round(batch.x().at(sample, 0, 0, 1) * 255)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void lets_a_transform_change_label_and_pixels_but_not_what_is_cached() {
        CountedImages images = new CountedImages(4);
        ImageTransform spoil = (sample, rng) -> {
            Arrays.fill(sample.pixels(), (byte) 77);
            return new Sample(sample.format(), sample.pixels(), 1);
        };
        try (DataLoader loader = DataLoader.of(images).transform(spoil).build()) {
            for (int i = 0; i < 2; i++) {
                Batch batch = loader.iterator().next();
                assertThat(batch.y().toLongArray()).containsExactly(1, 1, 1, 1);
            }
        }
        assertThat(images.get(3).pixels()).containsExactly(3, 0, 0, 255);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void decodes_once_and_touches_no_file_after_when_all_is_kept(int workers) {
        CountedImages images = new CountedImages(100);
        try (DataLoader loader = DataLoader.of(images)
                .batchSize(8)
                .shuffle(true)
                .workers(workers)
                .cache(400)
                .build()) {
            List<Integer> first = order(loader);
            assertThat(images.reads).hasValue(100);
            assertThat(order(loader)).containsExactlyInAnyOrderElementsOf(first);
            assertThat(images.reads).hasValue(100);
        }
        assertThat(images.open).hasValue(0);
    }

    @Test
    void hands_nothing_to_another_thread_when_all_is_in_memory() {
        CountedImages images = new CountedImages(100);
        try (DataLoader loader = DataLoader.of(images).batchSize(8).workers(2).build()) {
            List<Integer> first = order(loader);
            assertThat(images.threads).isNotEmpty().doesNotContain(Thread.currentThread());
            images.labelThreads.clear();
            assertThat(order(loader)).isEqualTo(first);
            assertThat(images.labelThreads).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void keeps_no_more_bytes_than_allowed() {
        CountedImages images = new CountedImages(100);
        try (DataLoader loader =
                DataLoader.of(images).batchSize(8).cache(4 * 30 + 3).build()) {
            order(loader);
            order(loader);
            assertThat(images.reads).hasValue(100 + 70);
        }
    }

    @Test
    void keeps_nothing_without_a_cache() {
        CountedImages images = new CountedImages(10);
        try (DataLoader loader = DataLoader.of(images).cache(0).build()) {
            order(loader);
            order(loader);
            assertThat(images.reads).hasValue(20);
        }
    }

    @Test
    void serves_several_iterations_at_once() throws InterruptedException {
        try (DataLoader loader = DataLoader.of(new CountedImages(200))
                .batchSize(7)
                .shuffle(true)
                .workers(2)
                .build()) {
            Iterator<Batch> a = loader.iterator();
            Iterator<Batch> b = loader.iterator();
            List<Integer> fromA = new ArrayList<>();
            List<Integer> fromB = new ArrayList<>();
            Thread other = new Thread(() ->
                    b.forEachRemaining(batch -> Arrays.stream(numbers(batch)).forEach(fromB::add)));
            other.start();
            a.forEachRemaining(batch -> Arrays.stream(numbers(batch)).forEach(fromA::add));
            other.join();
            loader.nextEpoch(0);
            assertThat(fromA).isEqualTo(order(loader));
            assertThat(fromB).isEqualTo(order(loader));
        }
    }

    @Test
    void loads_samples_of_any_kind_by_a_function() {
        Dataset<double[]> points =
                Dataset.of(List.of(new double[] {1, 10}, new double[] {2, 20}, new double[] {3, 30}));
        Collate<double[]> collate = samples -> new Batch(
                Tensor.of(samples.stream().mapToDouble(p -> p[0]).toArray(), samples.size(), 1),
                Tensor.of(samples.stream().mapToDouble(p -> p[1]).toArray(), samples.size(), 1));
        try (DataLoader loader =
                DataLoader.of(points, collate).batchSize(2).workers(2).build()) {
            List<double[]> batches = new ArrayList<>();
            loader.forEach(batch -> batches.add(batch.y().toDoubleArray()));
            assertThat(batches).hasSize(2);
            assertThat(batches.get(0)).containsExactly(10, 20);
            assertThat(batches.get(1)).containsExactly(30);
        }
    }

    @Test
    void checks_each_setting_when_it_is_made() {
        DataLoaderBuilder builder = DataLoader.of(new CountedImages(10));
        assertThatThrownBy(() -> builder.batchSize(0)).hasMessage("batchSize: expected at least 1, got 0");
        assertThatThrownBy(() -> builder.workers(-1)).hasMessage("workers: expected at least 0, got -1");
        assertThatThrownBy(() -> builder.prefetch(0)).hasMessage("prefetch: expected at least 1, got 0");
        assertThatThrownBy(() -> builder.cache(-1)).hasMessage("cache: expected at least 0 bytes, got -1");
        assertThatThrownBy(() -> builder.skipBadSamples(-1)).hasMessage("skipBadSamples: expected at least 0, got -1");
        assertThatThrownBy(() -> builder.normalize(new double[3], new double[] {1}))
                .hasMessage("normalize: expected one mean for each of 1 channels, got [0.0, 0.0, 0.0]");
        assertThatThrownBy(() -> builder.normalize(new double[] {Double.NaN}, new double[] {1}))
                .hasMessage("normalize: expected finite numbers for mean, got [NaN]");
        assertThatThrownBy(() -> builder.normalize(new double[1], new double[1]))
                .hasMessage("normalize: expected std above 0, got [0.0]");
        assertThatThrownBy(
                        () -> DataLoader.of(Dataset.of(List.of(1)), s -> null).cache(5))
                .hasMessage("cache: is for datasets of images. Change other samples in the dataset, with map.");
    }

    @Test
    void refuses_to_make_no_batch_at_all() {
        assertThatThrownBy(() -> DataLoader.of(new CountedImages(10))
                        .batchSize(11)
                        .dropLast(true)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dropLast: leaves no batch of 11 from 10 samples. Use a batchSize of at most 10,"
                        + " or keep the last batch.");
        assertThatThrownBy(() -> DataLoader.of(new CountedImages(0)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dataset: expected at least 1 sample, got 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void keeps_what_a_transform_gives_though_it_writes_the_next_into_the_same_array(int workers) {
        ThreadLocal<byte[]> reused = ThreadLocal.withInitial(() -> new byte[4]);
        ImageTransform transform = (sample, rng) -> {
            System.arraycopy(sample.pixels(), 0, reused.get(), 0, 4);
            return new Sample(sample.format(), reused.get(), sample.label());
        };
        try (DataLoader loader = DataLoader.of(new CountedImages(4))
                .batchSize(4)
                .transform(transform)
                .workers(workers)
                .build()) {
            float[] x = loader.iterator().next().x().toFloatArray();
            assertThat(new float[] {x[0], x[4], x[8], x[12]}).containsExactly(0, 1 / 255f, 2 / 255f, 3 / 255f);
        }
    }
}
