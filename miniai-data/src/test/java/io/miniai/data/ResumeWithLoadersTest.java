package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.callback.CheckpointCB;
import io.miniai.data.image.ImageFormat;
import io.miniai.file.FileException;
import io.miniai.learn.Batch;
import io.miniai.learn.Learner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loader goes on in the middle of an epoch, and so does a fit, for any number of workers. */
class ResumeWithLoadersTest {
    @TempDir
    Path dir;

    // ---- loaders --------------------------------------------------------------------------------

    private static DataLoaderBuilder builder(int workers) {
        return DataLoader.of(new CountedImages(50))
                .batchSize(8)
                .shuffle(true)
                .workers(workers)
                .transform(SmallTraining::flipAtRandom);
    }

    private static List<String> texts(Iterator<Batch> batches) {
        List<String> texts = new ArrayList<>();
        batches.forEachRemaining(b -> texts.add(b.x() + " " + b.y()));
        return texts;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void goes_on_after_any_batch_of_any_epoch(int workers) {
        try (DataLoader loader = builder(2).build();
                DataLoader other = builder(workers).build()) {
            loader.nextEpoch(4);
            List<String> whole = texts(loader.iterator());
            assertThat(whole).hasSize(7);
            for (int done = 0; done <= whole.size(); done++) {
                other.nextEpoch(4);
                assertThat(texts(other.iteratorAfter(done))).isEqualTo(whole.subList(done, whole.size()));
                assertThat(other.nextEpoch()).isEqualTo(5);
            }
        }
    }

    @Test
    void does_not_read_what_it_leaves_out() {
        CountedImages images = new CountedImages(50);
        try (DataLoader loader = DataLoader.of(images).batchSize(8).workers(0).build()) {
            texts(loader.iteratorAfter(6));
        }
        assertThat(images.reads).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void batches_that_turned_out_empty_do_not_count(int workers) {
        CountedImages images = new CountedImages(12, index -> {
            if (index < 4) {
                throw new IllegalStateException("damaged");
            }
        });
        try (DataLoader loader = DataLoader.of(images)
                .batchSize(2)
                .workers(workers)
                .skipBadSamples(4)
                .build()) {
            List<String> whole = texts(loader.iterator());
            assertThat(whole).hasSize(4);
            assertThat(texts(loader.iteratorAfter(1))).isEqualTo(whole.subList(1, 4));
        }
    }

    @Test
    void the_fingerprint_says_what_batches_depend_on() {
        try (DataLoader loader = builder(3).seed(9).build()) {
            assertThat(loader.fingerprint())
                    .containsEntry("samples", "50")
                    .containsEntry("batch size", "8")
                    .containsEntry("shuffle", "true")
                    .containsEntry("drop last", "false")
                    .containsEntry("seed", "9")
                    .containsEntry("images", "2×2 grey")
                    .containsEntry("classes", "even, odd")
                    .containsEntry("scale", "0.0..1.0")
                    .containsEntry("transform", "some")
                    .containsOnlyKeys(
                            "samples",
                            "batch size",
                            "shuffle",
                            "drop last",
                            "seed",
                            "images",
                            "classes",
                            "content",
                            "scale",
                            "transform");
        }
    }

    @Test
    void the_digest_is_that_of_labels_and_pixels() {
        ImageFormat format = new ImageFormat(1, 2, 2);
        List<String> classes = List.of("a", "b");
        byte[] pixels = new byte[400];
        int[] labels = new int[100];
        String digest = ImageDigest.of(ImageDataset.of(format, pixels, labels, classes));
        assertThat(ImageDigest.of(ImageDataset.of(format, pixels.clone(), labels, classes)))
                .isEqualTo(digest);
        labels[57] = 1;
        assertThat(ImageDigest.of(ImageDataset.of(format, pixels, labels, classes)))
                .isNotEqualTo(digest);
        labels[57] = 0;
        pixels[399] = 1;
        assertThat(ImageDigest.of(ImageDataset.of(format, pixels, labels, classes)))
                .isNotEqualTo(digest);
    }

    // ---- fits -----------------------------------------------------------------------------------

    @Test
    void a_fit_goes_on_exactly_from_any_batch_with_any_number_of_workers() throws Exception {
        List<String> expected;
        try (SmallTraining whole = new SmallTraining(
                1, 2, 32, new CheckpointCB(dir).everyBatches(1).keep(100))) {
            whole.learn().fit(2, 0.1);
            expected = whole.outcome();
        }
        List<Path> checkpoints;
        try (Stream<Path> files = Files.list(dir)) {
            checkpoints = files.sorted().toList();
        }
        assertThat(checkpoints).hasSize(2 * 9);
        Path elsewhere = dir.resolve("elsewhere");
        for (int i = 0; i < checkpoints.size(); i++) {
            try (SmallTraining again = new SmallTraining(2 + i, i % 4, 32, new CheckpointCB(elsewhere))) {
                again.learn().resume(checkpoints.get(i));
                assertThat(again.outcome()).as(checkpoints.get(i).toString()).isEqualTo(expected);
            }
        }
    }

    @Test
    void says_that_the_data_are_others() {
        try (SmallTraining whole = new SmallTraining(1, 0, 32, new CheckpointCB(dir))) {
            whole.learn().fit(1, 0.1);
        }
        try (SmallTraining other = new SmallTraining(1, 0, 16, new CheckpointCB(dir))) {
            Learner learn = other.learn();
            assertThatThrownBy(() -> learn.resume(CheckpointCB.latest(dir).orElseThrow()))
                    .isInstanceOf(FileException.class)
                    .hasMessageContaining(
                            "not as it was: train data batch size: was 32, is 16; valid data batch size: was 64, is 32. Fix: ");
        }
    }
}
