package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.fault.DataException;
import io.miniai.data.image.PngFiles;
import io.miniai.learn.Batch;
import io.miniai.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the one who trains is told when a sample cannot be read. */
class LoaderFaultsTest {
    @TempDir
    Path root;

    /** Ten images, of which one is damaged in some way. */
    private Path treeWith(int damaged, byte[] content) throws IOException {
        for (int i = 0; i < 10; i++) {
            Path file = root.resolve("train/" + i % 2 + "/" + i + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, i == damaged ? content : PngFiles.grey28(i));
        }
        return root.resolve("train/" + damaged % 2 + "/" + damaged + ".png");
    }

    private static IntConsumer failing(int sample, RuntimeException with) {
        return index -> {
            if (index == sample) {
                throw with;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void names_epoch_batch_sample_and_file_when_that_batch_is_due(int workers) throws IOException {
        byte[] broken = PngFiles.grey28(7);
        broken[60] ^= 1;
        Path file = treeWith(7, broken);
        try (DataLoader loader = DataLoader.of(PngFolder.open(root).train())
                .batchSize(3)
                .workers(workers)
                .build()) {
            Iterator<Batch> batches = loader.iterator();
            batches.next();
            batches.next();
            assertThatThrownBy(batches::next)
                    .isInstanceOf(DataException.class)
                    .hasMessage(
                            "epoch 1, batch 3: sample 7: " + file + ": the PNG image is damaged: the checksum of its"
                                    + " part at byte 33 is wrong. Fetch it again or delete it.");
            assertThat(batches.next().size()).isEqualTo(1); // the last: nobody meets the same error for ever
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void tells_what_else_a_dataset_threw(int workers) {
        IllegalStateException cause = new IllegalStateException("no luck");
        try (DataLoader loader = DataLoader.of(new CountedImages(5, failing(3, cause)))
                .batchSize(2)
                .workers(workers)
                .build()) {
            Iterator<Batch> batches = loader.iterator();
            batches.next();
            assertThatThrownBy(batches::next)
                    .isInstanceOf(DataException.class)
                    .hasMessage("epoch 1, batch 2: sample 3: counted/3.png: java.lang.IllegalStateException: no luck")
                    .hasRootCause(cause);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void tells_it_in_every_epoch_anew(int workers) {
        try (DataLoader loader = DataLoader.of(new CountedImages(5, failing(3, new IllegalStateException("no luck"))))
                .batchSize(5)
                .workers(workers)
                .build()) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                assertThatThrownBy(() -> loader.iterator().next())
                        .hasMessageStartingWith("epoch " + epoch + ", batch 1: sample 3: counted/3.png");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void tells_an_error_of_a_loader_thread(int workers) {
        IntConsumer outOfMemory = index -> {
            throw new OutOfMemoryError("heap");
        };
        try (DataLoader loader = DataLoader.of(new CountedImages(5, outOfMemory))
                .workers(workers)
                .build()) {
            assertThatThrownBy(() -> loader.iterator().next())
                    .isInstanceOf(DataException.class)
                    .hasMessage("epoch 1, batch 1: reading it failed: java.lang.OutOfMemoryError: heap");
        }
    }

    @Test
    void tells_what_a_transform_threw() {
        ImageTransform bad = (sample, rng) -> {
            throw new ArithmeticException("by zero");
        };
        try (DataLoader loader = DataLoader.of(new CountedImages(5))
                .transform(bad)
                .skipBadSamples(9)
                .build()) {
            assertThatThrownBy(() -> loader.iterator().next())
                    .hasMessage("epoch 1, batch 1: sample 0: the transform failed on counted/0.png:"
                            + " java.lang.ArithmeticException: by zero");
        }
        try (DataLoader loader =
                DataLoader.of(new CountedImages(5)).transform((s, rng) -> null).build()) {
            assertThatThrownBy(() -> loader.iterator().next())
                    .hasMessageContaining("sample 0: the transform failed on counted/0.png:")
                    .hasMessageContaining("it returned null instead of a sample");
        }
    }

    @Test
    void refuses_a_transform_that_changes_the_size() {
        ImageTransform crop =
                (sample, rng) -> new Sample(new io.miniai.data.image.ImageFormat(1, 1, 2), new byte[2], sample.label());
        try (DataLoader loader =
                DataLoader.of(new CountedImages(5)).transform(crop).build()) {
            assertThatThrownBy(() -> loader.iterator().next())
                    .hasMessage(
                            "epoch 1, batch 1: sample 0: the transform of a loader keeps the size: expected 2×2 grey,"
                                    + " got 1×2 grey for counted/0.png. Resize the images before loading them.");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void leaves_bad_samples_out_and_reports_them_on_request(int workers) throws IOException {
        Path file = treeWith(4, new byte[0]);
        try (DataLoader loader = DataLoader.of(PngFolder.open(root).train())
                .batchSize(3)
                .workers(workers)
                .skipBadSamples(1)
                .build()) {
            for (int epoch = 0; epoch < 2; epoch++) {
                List<Integer> sizes = new ArrayList<>();
                loader.forEach(batch -> sizes.add(batch.size()));
                assertThat(sizes).containsExactly(3, 2, 3, 1);
            }
            assertThat(loader.skipped())
                    .containsExactly(new SkippedSample(
                            4,
                            file.toString(),
                            file + ": expected a PNG image, the file is empty. Delete it or fetch it again."));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void passes_over_a_batch_of_nothing_but_bad_samples(int workers) {
        IntConsumer bad = index -> {
            if (index >= 2 && index < 6) {
                throw new IllegalStateException("bad");
            }
        };
        try (DataLoader loader = DataLoader.of(new CountedImages(7, bad))
                .batchSize(2)
                .workers(workers)
                .skipBadSamples(4)
                .build()) {
            List<Integer> sizes = new ArrayList<>();
            loader.forEach(batch -> sizes.add(batch.size()));
            assertThat(sizes).containsExactly(2, 1);
            assertThat(loader.skipped()).extracting(SkippedSample::index).containsExactly(2, 3, 4, 5);
        }
    }

    @Test
    void stops_when_more_are_bad_than_may_be_left_out() {
        IntConsumer bad = index -> {
            throw new IllegalStateException("bad");
        };
        try (DataLoader loader = DataLoader.of(new CountedImages(7, bad))
                .workers(0)
                .skipBadSamples(2)
                .build()) {
            assertThatThrownBy(() -> loader.iterator().hasNext()).isInstanceOf(DataException.class);
            assertThat(loader.skipped()).hasSize(2);
            assertThatThrownBy(() -> loader.iterator().hasNext())
                    .isInstanceOf(DataException.class)
                    .hasMessage("epoch 2, batch 1: sample 2: counted/2.png: java.lang.IllegalStateException: bad"
                            + " More than the 2 samples that may be skipped cannot be read: mend them,"
                            + " or raise skipBadSamples.");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void goes_on_with_the_next_batch_when_asked_again_after_an_error(int workers) {
        try (DataLoader loader = DataLoader.of(new CountedImages(6, failing(2, new IllegalStateException("no luck"))))
                .batchSize(1)
                .workers(workers)
                .build()) {
            Iterator<Batch> batches = loader.iterator();
            int good = 0;
            int bad = 0;
            while (batches.hasNext() && good + bad < 100) {
                try {
                    batches.next();
                    good++;
                } catch (DataException e) {
                    bad++;
                }
            }
            assertThat(good).isEqualTo(5);
            assertThat(bad).isEqualTo(1);
        }
    }

    /** What Java would have to declare, and Kotlin need not. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> RuntimeException sneaky(Exception e) throws E {
        throw (E) e;
    }

    @Test
    void treats_checked_exceptions_that_are_not_declared_like_others() {
        Dataset<Integer> numbers = Dataset.of(List.of(0, 1, 2, 3)).map(i -> {
            if (i == 1) {
                throw LoaderFaultsTest.<RuntimeException>sneaky(new IOException("sneaky"));
            }
            return i;
        });
        Collate<Integer> collate = list -> new Batch(Tensor.zeros(list.size(), 1), Tensor.zeros(list.size(), 1));
        try (DataLoader loader =
                DataLoader.of(numbers, collate).batchSize(4).skipBadSamples(1).build()) {
            assertThat(loader.iterator().next().size()).isEqualTo(3);
            assertThat(loader.skipped()).extracting(SkippedSample::index).containsExactly(1);
        }
        ImageTransform bad = (sample, rng) -> {
            throw LoaderFaultsTest.<RuntimeException>sneaky(new IOException("sneaky"));
        };
        try (DataLoader loader =
                DataLoader.of(new CountedImages(5)).transform(bad).build()) {
            assertThatThrownBy(() -> loader.iterator().next())
                    .hasMessage("epoch 1, batch 1: sample 0: the transform failed on counted/0.png:"
                            + " java.io.IOException: sneaky");
        }
    }
}
