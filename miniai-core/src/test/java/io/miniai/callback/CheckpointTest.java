package io.miniai.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.file.FileException;
import io.miniai.learn.Callback;
import io.miniai.learn.CancelFitException;
import io.miniai.learn.Checkpoint;
import io.miniai.learn.FitInterruptedException;
import io.miniai.learn.FitOptions;
import io.miniai.learn.Learner;
import io.miniai.learn.LearnerException;
import io.miniai.learn.Toys;
import io.miniai.nn.ModelFile;
import io.miniai.nn.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When checkpoints are written, under which names, and which stay. */
class CheckpointTest {
    @TempDir
    Path dir;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private static String name(int number) {
        return "checkpoint-00000" + number + ".safetensors";
    }

    @Test
    void saves_after_every_epoch_and_keeps_the_last_three() throws IOException {
        Toys.learner(3, 1).with(new CheckpointCB(dir)).fit(5);
        assertThat(names()).containsExactly(name(3), name(4), name(5));
        assertThat(CheckpointCB.latest(dir)).contains(dir.resolve(name(5)));
    }

    @Test
    void saves_after_every_n_epochs_and_after_the_last() throws IOException {
        Toys.learner(1, 1).with(new CheckpointCB(dir).everyEpochs(2).keep(9)).fit(5);
        assertThat(names()).containsExactly(name(1), name(2), name(3));
    }

    @Test
    void counts_training_batches_over_the_epochs() throws IOException {
        // 6 batches: after the 4th, and after the two epochs.
        Toys.learner(3, 2).with(new CheckpointCB(dir).everyBatches(4).keep(9)).fit(2);
        assertThat(names()).containsExactly(name(1), name(2), name(3));
    }

    @Test
    void another_fit_numbers_on() throws IOException {
        Learner learn = Toys.learner(1, 1).with(new CheckpointCB(dir).keep(2));
        learn.fit(1);
        learn.fit(2);
        assertThat(names()).containsExactly(name(2), name(3));
    }

    @Test
    void other_files_of_the_folder_are_left_alone() throws IOException {
        Files.writeString(dir.resolve("notes.txt"), "mine");
        Files.writeString(dir.resolve("checkpoint-1.safetensors"), "mine");
        Toys.learner(1, 1).with(new CheckpointCB(dir).keep(1)).fit(2);
        assertThat(names()).containsExactly(name(2), "checkpoint-1.safetensors", "notes.txt");
    }

    @Test
    void the_newest_is_the_one_with_the_highest_number_whatever_the_clock_said() throws IOException {
        Toys.learner(1, 1).with(new CheckpointCB(dir)).fit(3);
        Files.setLastModifiedTime(dir.resolve(name(3)), FileTime.fromMillis(0));
        Files.setLastModifiedTime(dir.resolve(name(1)), FileTime.fromMillis(1L << 42));
        assertThat(CheckpointCB.latest(dir)).contains(dir.resolve(name(3)));
        Toys.learner(1, 1).with(new CheckpointCB(dir)).fit(1);
        assertThat(names()).containsExactly(name(2), name(3), name(4));
    }

    @Test
    void there_is_no_latest_in_an_empty_folder_or_one_that_is_not_there() {
        assertThat(CheckpointCB.latest(dir)).isEmpty();
        assertThat(CheckpointCB.latest(dir.resolve("none"))).isEmpty();
    }

    @Test
    void a_fit_that_a_callback_calls_is_not_saved() throws IOException {
        Callback inner = new Callback() {
            @Override
            public void afterEpoch(Learner learn) {
                if (learn.depth() == 0 && learn.training()) {
                    learn.fit(FitOptions.of(1).train(false));
                    learn.fit(1);
                }
            }
        };
        Toys.learner(2, 1)
                .with(new CheckpointCB(dir).everyBatches(1).keep(9), inner)
                .fit(1);
        assertThat(names()).hasSize(3);
    }

    @Test
    void keeps_the_model_of_the_best_epoch() {
        CheckpointCB checkpoints = new CheckpointCB(dir).best(Objective.validLoss());
        EpochStub.learner(3, 1, 2).with(checkpoints).fit(3);
        Module best = ModelFile.load(checkpoints.bestFile());
        assertThat(best.parameter("weight").item()).isEqualTo(1);
        assertThat(ModelFile.info(checkpoints.bestFile()).metrics()).containsEntry("valid loss", 1.0);
        assertThat(ModelFile.info(checkpoints.bestFile()).hyperparameter("lr")).contains("0.1");
    }

    @Test
    void the_best_needs_figures() {
        Learner learn = Toys.learner(1, 1).with(new CheckpointCB(dir).best(Objective.validLoss()));
        assertThatThrownBy(() -> learn.fit(1))
                .hasMessageContaining(
                        "CheckpointCB needs the figures of each epoch. Fix: add a MetricsCB to the Learner.");
    }

    @Test
    void a_save_that_fails_ends_the_fit_and_names_the_file() throws IOException {
        CheckpointCB checkpoints = new CheckpointCB(dir.resolve("run"));
        Callback vanish = new Callback() {
            @Override
            public void afterEpoch(Learner learn) {
                if (!learn.training()) {
                    delete(dir.resolve("run"));
                }
            }
        };
        Learner learn = Toys.learner(1, 1).with(checkpoints, vanish);
        assertThatThrownBy(() -> learn.fit(2))
                .isInstanceOf(LearnerException.class)
                .hasCauseInstanceOf(FileException.class)
                .hasMessage("Epoch 1/2, validation: cleanupEpoch of CheckpointCB failed: FileException: "
                        + dir.resolve("run").resolve(name(1))
                        + ": could not be written: there is no such file or folder.");
        assertThat(names()).isEmpty();
    }

    @Test
    void an_interrupt_ends_the_fit_and_the_epoch_that_is_done_is_saved() throws IOException {
        Callback interrupt = new Callback() {
            @Override
            public void afterEpoch(Learner learn) {
                if (learn.epoch() == 1 && !learn.training()) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Learner learn = Toys.learner(1, 1).with(new CheckpointCB(dir), interrupt);
        assertThatThrownBy(() -> learn.fit(3)).isInstanceOf(FitInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(names()).containsExactly(name(1), name(2));
        Learner again = Toys.learner(1, 1).with(new CheckpointCB(dir));
        again.resume(dir.resolve(name(2)));
        assertThat(names()).containsExactly(name(1), name(2), name(3));
    }

    private static void delete(Path empty) {
        try {
            Files.delete(empty);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void keeps_the_best_epoch_also_when_it_ends_the_fit() throws IOException {
        CheckpointCB best = new CheckpointCB(dir).best(Objective.trainLoss());
        Callback atSecond = new Callback() {
            @Override
            public void afterEpoch(Learner learn) {
                if (learn.epoch() == 1) {
                    throw new CancelFitException();
                }
            }
        };
        Learner learn = Toys.learner(3, 0).with(new MetricsCB(), best, atSecond);
        learn.fit(FitOptions.of(5).valid(false));
        assertThat(learn.history().last().trainLoss())
                .isLessThan(learn.history().get(0).trainLoss());
        Module saved = ModelFile.load(best.bestFile());
        for (int i = 0; i < 2; i++) {
            assertThat(saved.parameters().get(i).toFloatArray())
                    .isEqualTo(learn.model().parameters().get(i).toFloatArray());
        }
    }

    @Test
    void a_validation_that_the_end_of_the_fit_cuts_off_is_no_best_epoch() {
        CheckpointCB best = new CheckpointCB(dir).best(Objective.validLoss());
        Callback inValidation = new Callback() {
            @Override
            public void afterBatch(Learner learn) {
                if (!learn.training()) {
                    throw new CancelFitException();
                }
            }
        };
        EpochStub.learner(3, 1).with(best, inValidation).fit(2);
        assertThat(best.bestFile()).doesNotExist();
    }

    @Test
    void says_that_the_folder_is_a_file() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        assertThatThrownBy(() -> CheckpointCB.latest(file))
                .isInstanceOf(FileException.class)
                .hasMessage(file + ": expected a folder for checkpoints; got a file.");
        assertThatThrownBy(() -> Toys.learner(1, 1).with(new CheckpointCB(file)).fit(1))
                .hasMessageContaining(file + ": expected a folder for checkpoints; got a file.");
        Path below = file.resolve("below");
        assertThatThrownBy(
                        () -> Toys.learner(1, 1).with(new CheckpointCB(below)).fit(1))
                .hasRootCauseInstanceOf(IOException.class)
                .hasMessageContaining(below + ": the folder for checkpoints could not be made");
    }

    @Test
    void a_checkpoint_can_be_saved_at_certain_moments_only() {
        Callback early = new Callback() {
            @Override
            public void beforeEpoch(Learner learn) {
                Checkpoint.save(learn, dir.resolve("x"));
            }
        };
        assertThatThrownBy(() -> Toys.learner(1, 1).with(early).fit(1))
                .hasMessageContaining(
                        "Expected a checkpoint to be saved at the end of a training batch or of an epoch, of"
                                + " the outermost fit; got another moment. Fix: use CheckpointCB, or save in cleanupBatch or"
                                + " cleanupEpoch.");
    }

    @Test
    void settings_below_one_are_refused() {
        assertThatThrownBy(() -> new CheckpointCB(dir).keep(0)).hasMessage("keep: expected at least 1; got 0.");
        assertThatThrownBy(() -> new CheckpointCB(dir).everyBatches(-1))
                .hasMessage("everyBatches: expected at least 1; got -1.");
        assertThatThrownBy(() -> new CheckpointCB(dir).everyEpochs(0))
                .hasMessage("everyEpochs: expected at least 1; got 0.");
    }
}
