package io.miniai.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.file.FileException;
import io.miniai.file.JsonObject;
import io.miniai.file.Safetensors;
import io.miniai.learn.Batch;
import io.miniai.learn.Callback;
import io.miniai.learn.CancelBatchException;
import io.miniai.learn.EpochRecord;
import io.miniai.learn.Learner;
import io.miniai.learn.LearnerException;
import io.miniai.learn.OptimizerStep;
import io.miniai.learn.StatefulCallback;
import io.miniai.learn.TrainValid;
import io.miniai.learn.ZeroGradStep;
import io.miniai.metric.MeanLoss;
import io.miniai.nn.Dropout;
import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.nn.ModelFile;
import io.miniai.nn.Module;
import io.miniai.nn.ReLU;
import io.miniai.nn.Sequential;
import io.miniai.nn.Tanh;
import io.miniai.optim.Adam;
import io.miniai.optim.AdamW;
import io.miniai.optim.OptimizerFactory;
import io.miniai.optim.SGD;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A fit that is resumed ends with the same weights, to the bit, as one that never stopped. */
class ResumeTest {
    private static final int EPOCHS = 3;
    private static final int TRAIN = 4;

    @TempDir
    Path dir;

    // ---- what is trained ------------------------------------------------------------------------

    /** Counts in a buffer what it has seen while training. */
    static final class Seen extends Module {
        Seen() {
            buffer("count", Tensor.zeros(1));
        }

        @Override
        protected Tensor forward(Tensor x) {
            if (training()) {
                buffer("count", buffer("count").add(x.detach().sum()));
            }
            return x.add(buffer("count").mul(1e-3));
        }
    }

    private static Module model(long seed) {
        return Sequential.of(
                new Linear(2, 8, true, Rng.of(seed)),
                new Tanh(),
                new Dropout(0.3, Rng.of(seed + 1)),
                new Seen(),
                new Linear(8, 1, true, Rng.of(seed + 2)));
    }

    private static List<Batch> batches(long seed, int count) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Rng rng = Rng.of(seed, i);
            batches.add(new Batch(Tensor.randn(rng, 4, 2), Tensor.randn(rng, 4, 1)));
        }
        return batches;
    }

    private static Learner learner(long seed, OptimizerFactory optimizer) {
        return Learner.of(model(seed), TrainValid.of(batches(7, TRAIN), batches(8, 2)))
                .loss(Losses::mse)
                .optimizer(optimizer)
                .with(new MetricsCB(new MeanLoss("l1", Losses::l1)).printTo(line -> {}));
    }

    private CheckpointCB all() {
        return new CheckpointCB(dir).everyBatches(1).keep(1_000);
    }

    private List<Path> checkpoints() throws Exception {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Weights, buffers and figures, as bits. */
    private static List<String> outcome(Learner learn) {
        List<String> outcome = new ArrayList<>();
        learn.model().state().forEach((name, t) -> outcome.add(name + " " + Arrays.toString(bits(t))));
        for (EpochRecord e : learn.history()) {
            outcome.add(e.epoch() + " " + e.trainLoss() + " " + e.validLoss() + e.trainMetrics() + e.validMetrics());
        }
        return outcome;
    }

    private static int[] bits(Tensor t) {
        float[] values = t.toFloatArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    // ---- exactly --------------------------------------------------------------------------------

    static Stream<OptimizerFactory> optimizers() {
        return Stream.of(
                SGD::new,
                (p, lr) -> new SGD(p, lr).momentum(0.9).weightDecay(0.01),
                (p, lr) -> new SGD(p, lr).nesterov(0.8),
                Adam::new,
                (p, lr) -> new AdamW(p, lr).betas(0.8, 0.99));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void goes_on_exactly_from_every_batch_and_epoch(OptimizerFactory optimizer) throws Exception {
        resumeFromEverywhere(() -> new Callback[0], optimizer);
    }

    private void resumeFromEverywhere(Supplier<Callback[]> callbacks, OptimizerFactory optimizer) throws Exception {
        Learner whole = learner(1, optimizer).with(callbacks.get()).with(all());
        whole.fit(EPOCHS, 0.05);
        List<String> expected = outcome(whole);
        List<Path> checkpoints = checkpoints();
        assertThat(checkpoints).hasSize(EPOCHS * (TRAIN + 1));
        for (Path checkpoint : checkpoints) {
            Learner again = learner(99, optimizer).with(callbacks.get()).with(new CheckpointCB(dir.resolve("again")));
            again.resume(checkpoint);
            assertThat(outcome(again)).as(checkpoint.toString()).isEqualTo(expected);
        }
    }

    /** Fails after every fourth step it sees. */
    private static final class Crash implements Callback {
        private int steps;

        @Override
        public void afterStep(Learner learn) {
            if (++steps % 4 == 0) {
                throw new IllegalStateException("crash");
            }
        }
    }

    @Test
    void goes_on_exactly_when_it_is_resumed_again_and_again() {
        Learner whole = learner(1, Adam::new);
        whole.fit(EPOCHS, 0.05);

        CheckpointCB checkpoints = new CheckpointCB(dir).everyBatches(1).keep(1);
        Learner last = learner(1, Adam::new).with(checkpoints, new Crash());
        Learner first = last;
        assertThatThrownBy(() -> first.fit(EPOCHS, 0.05)).hasRootCauseMessage("crash");
        int resumed = 0;
        for (boolean ended = false; !ended; resumed++) {
            last = learner(50 + resumed, Adam::new).with(checkpoints, new Crash());
            try {
                last.resume(checkpoints.latest().orElseThrow());
                ended = true;
            } catch (LearnerException e) {
                assertThat(e).hasRootCauseMessage("crash");
            }
        }
        assertThat(resumed).isGreaterThanOrEqualTo(3);
        assertThat(outcome(last)).isEqualTo(outcome(whole));
    }

    @Test
    void goes_on_exactly_with_a_schedule_of_the_learning_rate() throws Exception {
        Supplier<Callback[]> schedule = () -> new Callback[] {
            new Callback() {
                @Override
                public void afterStep(Learner learn) {
                    learn.optimizer().lr(learn.optimizer().lr() * 0.9);
                }
            }
        };
        resumeFromEverywhere(schedule, (p, lr) -> new SGD(p, lr).momentum(0.9));
    }

    /** Adds up the gradients of three batches, so that a checkpoint meets gradients that are not used yet. */
    private static final class Accumulate implements OptimizerStep, ZeroGradStep {
        @Override
        public void step(Learner learn) {
            if (learn.iteration() % 3 == 2) {
                learn.optimizer().step();
            }
        }

        @Override
        public void zeroGrad(Learner learn) {
            if (learn.iteration() % 3 == 2) {
                learn.optimizer().zeroGrad();
            }
        }
    }

    @Test
    void goes_on_exactly_with_gradients_that_are_not_used_yet() throws Exception {
        resumeFromEverywhere(() -> new Callback[] {new Accumulate()}, SGD::new);
    }

    @Test
    void goes_on_exactly_when_layers_are_unfrozen_meanwhile() throws Exception {
        Supplier<Callback[]> gradual = () -> new Callback[] {
            new Callback() {
                @Override
                public void beforeFit(Learner learn) {
                    learn.model().get(0).freeze();
                }

                @Override
                public void afterEpoch(Learner learn) {
                    learn.model().unfreeze();
                }
            }
        };
        resumeFromEverywhere(gradual, SGD::new);
    }

    @Test
    void goes_on_exactly_after_cancelled_batches() throws Exception {
        Supplier<Callback[]> cancel = () -> new Callback[] {
            new Callback() {
                @Override
                public void afterBackward(Learner learn) {
                    if (learn.iteration() == 1) {
                        throw new CancelBatchException();
                    }
                }
            }
        };
        resumeFromEverywhere(cancel, Adam::new);
    }

    /** Draws the weight of the loss: a callback with random draws, and a tensor, of its own. */
    private static final class RandomWeight implements StatefulCallback {
        private final Rng rng = Rng.of(5);
        private Tensor last = Tensor.ones(2);

        @Override
        public void afterLoss(Learner learn) {
            if (learn.training()) {
                learn.setLoss(learn.loss().mul(last.at(0) + rng.nextDouble()));
                last = Tensor.of(new float[] {rng.nextFloat(), 0}, 2);
            }
        }

        @Override
        public State saveState() {
            return new State(Map.of("rng", rng.state()), Map.of("last", last));
        }

        @Override
        public void restoreState(JsonObject values, Map<String, Tensor> tensors) {
            rng.state(values.integer("rng", Long.MIN_VALUE, Long.MAX_VALUE));
            last = tensors.get("last");
        }
    }

    @Test
    void goes_on_exactly_with_a_callback_that_remembers() throws Exception {
        resumeFromEverywhere(() -> new Callback[] {new RandomWeight()}, SGD::new);
    }

    @Test
    void early_stopping_and_the_best_epoch_are_those_of_the_whole_fit() throws Exception {
        Supplier<Learner> learner = () -> learner(4, (p, lr) -> new SGD(p, lr).momentum(0.9))
                .with(new EarlyStoppingCB(Objective.validLoss()).patience(2), new RestoreBestCB(Objective.validLoss()))
                .with(new NaNGuardCB().skip(1));
        Learner whole = learner.get().with(all());
        whole.fit(30, 0.2);
        assertThat(whole.history().size()).isBetween(3, 29);
        List<String> expected = outcome(whole);
        for (Path checkpoint : checkpoints()) {
            Learner again = learner.get().with(new CheckpointCB(dir.resolve("again")));
            again.resume(checkpoint);
            assertThat(outcome(again)).as(checkpoint.toString()).isEqualTo(expected);
        }
    }

    @Test
    void a_fit_without_validation_goes_on_exactly() throws Exception {
        Supplier<Learner> learner = () -> Learner.of(model(1), TrainValid.of(batches(7, TRAIN)))
                .loss(Losses::mse)
                .optimizer(Adam::new)
                .with(new MetricsCB().printTo(line -> {}), all());
        Learner whole = learner.get();
        whole.fit(2, 0.05);
        List<String> expected = outcome(whole);
        for (Path checkpoint : checkpoints()) {
            Learner again = learner.get();
            again.resume(checkpoint);
            assertThat(outcome(again)).isEqualTo(expected);
        }
    }

    @Test
    void the_second_fit_goes_on_with_the_figures_of_the_first() {
        Learner whole = learner(1, Adam::new);
        whole.fit(1, 0.05);
        whole.fit(2, 0.01, all());
        Learner again = learner(2, Adam::new);
        again.resume(dir.resolve("checkpoint-000003.safetensors"), new CheckpointCB(dir.resolve("again")));
        assertThat(outcome(again)).isEqualTo(outcome(whole));
        assertThat(again.history().size()).isEqualTo(3);
    }

    @Test
    void a_finished_fit_has_nothing_left_to_do() {
        Learner whole = learner(1, Adam::new).with(new CheckpointCB(dir));
        whole.fit(2, 0.05);
        Learner again = learner(2, Adam::new).with(new CheckpointCB(dir));
        again.resume(new CheckpointCB(dir).latest().orElseThrow());
        assertThat(outcome(again)).isEqualTo(outcome(whole));
    }

    // ---- what is not as it was ------------------------------------------------------------------

    private Path saved() {
        learner(1, (p, lr) -> new SGD(p, lr).momentum(0.9))
                .with(new CheckpointCB(dir))
                .fit(1, 0.05);
        return new CheckpointCB(dir).latest().orElseThrow();
    }

    @Test
    void says_all_that_is_not_as_it_was_before_anything_runs() {
        Path checkpoint = saved();
        Module other =
                Sequential.of(new Linear(2, 8), new ReLU(), new Dropout(0.1), new Seen(), new Linear(8, 1, false));
        float[] before = other.parameter("0.weight").toFloatArray();
        Learner learn = Learner.of(other, TrainValid.of(batches(7, 5)))
                .loss(Losses::mse)
                .optimizer((p, lr) -> new SGD(p, lr).momentum(0.5));
        assertThatThrownBy(() -> learn.resume(checkpoint))
                .isInstanceOf(FileException.class)
                .hasMessage(
                        checkpoint + ": cannot be resumed here, because something is not as it was: layer 1: was Tanh,"
                                + " is ReLU; layer 2: was Dropout(0.3), is Dropout(0.1); layer 4: was Linear(8→1), is Linear(8→1, no"
                                + " bias); optimizer momentum: was 0.9, is 0.5; train data batches: was 4, is 5; valid data batches:"
                                + " was 2, is not there; callback CheckpointCB: was there, is not; callback MetricsCB: was there, is"
                                + " not. Fix: resume with what it was saved with, or start anew with its weights:"
                                + " ModelFile.loadInto(model, path).");
        assertThat(other.parameter("0.weight").toFloatArray()).isEqualTo(before);
        // The learner is free again, and memory is as ever.
        learn.fit(1, 0.1);
    }

    @Test
    void says_that_the_optimizer_is_another() {
        Path checkpoint = saved();
        assertThatThrownBy(
                        () -> learner(1, AdamW::new).with(new CheckpointCB(dir)).resume(checkpoint))
                .isInstanceOf(FileException.class)
                .hasMessageContaining("not as it was: optimizer: was SGD, is AdamW; optimizer ");
    }

    @Test
    void says_that_there_are_fewer_batches_than_were_done() {
        OptimizerFactory sgd = SGD::new;
        List<Batch> four = batches(7, 4);
        Iterable<Batch> source = () -> four.iterator(); // of unknown size
        Learner.of(model(1), TrainValid.of(source))
                .loss(Losses::mse)
                .optimizer(sgd)
                .with(all())
                .fit(1, 0.1);
        Iterable<Batch> shorter = () -> four.subList(0, 2).iterator();
        Learner learn = Learner.of(model(1), TrainValid.of(shorter))
                .loss(Losses::mse)
                .optimizer(sgd)
                .with(all());
        Path third = dir.resolve("checkpoint-000003.safetensors");
        assertThatThrownBy(() -> learn.resume(third))
                .isInstanceOf(FileException.class)
                .hasMessage(third + ": expected at least 3 batches to go on after; got 2. Fix: give it the same data.");
    }

    @Test
    void says_that_a_file_is_no_checkpoint() {
        Path file = dir.resolve("model.safetensors");
        ModelFile.save(model(1), file);
        assertThatThrownBy(() -> learner(1, SGD::new).resume(file))
                .isInstanceOf(FileException.class)
                .hasMessage(file + ": expected a checkpoint; got a file without one. Fix: resume from a file that"
                        + " CheckpointCB wrote, or load the weights alone: ModelFile.loadInto(model, path).");
    }

    @Test
    void says_that_a_checkpoint_is_damaged() {
        Path file = saved();
        Safetensors content = Safetensors.read(file);
        String good = content.metadata().get("miniai.checkpoint");
        for (String bad : List.of(
                "",
                "{}",
                good.replace("\"version\":1", "\"version\":2"),
                good.replace("\"batches\":0", "\"x\":0"),
                good.replace("\"epochs\":1", "\"epochs\":-1"),
                good.replace("\"frozen\":[]", "\"frozen\":1"),
                good.replace("\"history\":[{", "\"history\":[1,{"))) {
            assertThat(bad).isNotEqualTo(good);
            Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
            metadata.put("miniai.checkpoint", bad);
            Path damaged = dir.resolve("damaged.safetensors");
            Safetensors.write(damaged, content.tensors(), metadata);
            Learner learn = learner(1, (p, lr) -> new SGD(p, lr).momentum(0.9)).with(new CheckpointCB(dir));
            assertThatThrownBy(() -> learn.resume(damaged))
                    .as(bad)
                    .isInstanceOf(FileException.class)
                    .hasMessageStartingWith(
                            damaged + ": the checkpoint is damaged, or of another version of miniai: expected ");
        }
    }

    @Test
    void a_checkpoint_is_a_model_file_too() {
        Learner learn = Learner.of(Sequential.of(new Linear(2, 1)), TrainValid.of(batches(7, 2)))
                .loss(Losses::mse)
                .optimizer(Adam::new)
                .with(new CheckpointCB(dir));
        learn.fit(1, 0.1);
        Path file = new CheckpointCB(dir).latest().orElseThrow();
        assertThat(ModelFile.load(file).parameter("0.weight").toFloatArray())
                .isEqualTo(learn.model().parameter("0.weight").toFloatArray());
        assertThat(ModelFile.info(file).hyperparameter("optimizer")).contains("Adam");
    }
}
