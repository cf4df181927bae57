package io.miniai.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.miniai.learn.BackwardStep;
import io.miniai.learn.Batch;
import io.miniai.learn.CancelEpochException;
import io.miniai.learn.EpochRecord;
import io.miniai.learn.Event;
import io.miniai.learn.FitOptions;
import io.miniai.learn.Learner;
import io.miniai.learn.OptimizerStep;
import io.miniai.learn.Toys;
import io.miniai.learn.TrainValid;
import io.miniai.learn.ZeroGradStep;
import io.miniai.metric.Accuracy;
import io.miniai.metric.MeanLoss;
import io.miniai.nn.Identity;
import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.optim.SGD;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbacksTest {
    private final List<String> lines = new ArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private final Screen screen = new Screen(() -> out);

    private MetricsCB metrics() {
        return new MetricsCB(new MeanLoss("l1", Losses::l1)).printTo(lines::add);
    }

    private static Batch constant(int n, double target) {
        return new Batch(Tensor.zeros(n, 1), Tensor.full(target, n, 1));
    }

    // ---- MetricsCB ------------------------------------------------------------------------------

    @Test
    void weights_losses_by_samples_and_never_mixes_training_and_validation() {
        var data = TrainValid.of(List.of(constant(3, 1), constant(1, 3)), List.of(constant(2, 10)));
        Learner learn = Learner.of(new Identity(), data).loss(Losses::l1).with(metrics());
        // Nothing to train here: backward, step and zeroGrad are taken over by doing nothing.
        learn.fit(1, (BackwardStep) l -> {}, (OptimizerStep) l -> {}, (ZeroGradStep) l -> {});
        EpochRecord e = learn.history().last();
        assertThat(e.trainLoss()).isCloseTo(6.0 / 4, within(1e-6));
        assertThat(e.validLoss()).isCloseTo(10, within(1e-6));
        assertThat(e.trainMetrics().get("l1")).isCloseTo(6.0 / 4, within(1e-6));
        assertThat(learn.history().valid("l1")[0]).isCloseTo(10, within(1e-5));
        assertThatThrownBy(() -> learn.history().train("f1")).hasMessage("Expected a metric of [l1]; got \"f1\".");
    }

    @Test
    void prints_an_aligned_row_for_every_epoch_and_keeps_them_as_numbers() {
        Learner learn = Toys.learner(2, 1).with(metrics());
        learn.fit(2);
        learn.fit(1, 0.01);
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).isEqualTo("epoch   train loss   valid loss    train l1    valid l1       time");
        assertThat(lines).allSatisfy(l -> assertThat(l).hasSameSizeAs(lines.get(0)));
        assertThat(learn.history().size()).isEqualTo(3);
        assertThat(learn.history().trainLoss()).hasSize(3).doesNotContain(Double.NaN);
        assertThat(learn.history().validLoss()[2]).isLessThan(learn.history().validLoss()[0] + 1);
        assertThat(learn.history()).extracting(EpochRecord::epoch).containsExactly(0, 1, 0);
    }

    @Test
    void shows_what_a_cancelled_pass_had_and_nothing_of_a_failed_one() {
        Learner learn = Toys.learner(5, 1).with(metrics());
        learn.fit(1, LambdaCB.on(Event.BEFORE_BATCH, l -> {
            if (l.iteration() == 2) {
                throw new CancelEpochException();
            }
        }));
        assertThat(learn.history().last().trainLoss()).isFinite();
        assertThat(learn.history().last().validLoss()).isFinite();
        assertThatThrownBy(() -> learn.fit(1, LambdaCB.on(Event.AFTER_STEP, l -> {
            throw new IllegalStateException("boom");
        })));
        assertThat(learn.history().size()).isEqualTo(1);
    }

    @Test
    void lets_other_callbacks_find_the_epoch_in_the_history() {
        List<Integer> sizes = new ArrayList<>();
        Toys.learner(1, 1)
                .with(LambdaCB.on(Event.AFTER_EPOCH, l -> sizes.add(l.history().size())), metrics())
                .fit(2);
        assertThat(sizes).containsExactly(0, 1, 1, 2);
    }

    @Test
    void throws_when_there_are_two_or_metrics_share_a_name() {
        assertThatThrownBy(() -> Toys.learner(1, 1).with(metrics()).fit(1, metrics()))
                .hasMessageContaining("Expected one MetricsCB");
        assertThatThrownBy(() -> new MetricsCB(new Accuracy(), new Accuracy()))
                .hasMessageContaining("got [accuracy, accuracy]");
    }

    @Test
    void goes_on_counting_a_pass_in_which_another_fit_was_called() {
        Learner alone = Toys.learner(3, 1).with(metrics());
        alone.fit(1, 0);
        Learner learn = Toys.learner(3, 1).with(metrics());
        learn.fit(
                1, 0, LambdaCB.on(Event.AFTER_BATCH, l -> l.fit(FitOptions.of(1).train(false))));
        assertThat(learn.history().size()).isEqualTo(1);
        assertThat(learn.history().last().trainLoss())
                .isEqualTo(alone.history().last().trainLoss());
    }

    // ---- small ones -----------------------------------------------------------------------------

    @Test
    void single_batch_ends_the_fit_after_one_batch_that_still_counts() {
        AtomicInteger batches = new AtomicInteger();
        Learner learn =
                Toys.learner(5, 1).with(metrics(), LambdaCB.on(Event.AFTER_BATCH, l -> batches.incrementAndGet()));
        learn.fit(3, new SingleBatchCB());
        assertThat(batches).hasValue(1);
        assertThat(learn.history().last().trainLoss()).isFinite();
        assertThat(learn.history().last().validLoss()).isNaN();
    }

    @Test
    void input_is_target_trains_an_autoencoder_on_data_with_labels() {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            batches.add(new Batch(Tensor.randn(Rng.of(1, i), 16, 3), Tensor.of(new long[16], 16)));
        }
        Learner learn = Learner.of(new Linear(3, 3), TrainValid.of(batches, batches))
                .loss(Losses::mse)
                .optimizer(SGD::new)
                .with(new DeviceCB(), new InputIsTargetCB(), metrics());
        learn.fit(20, 0.3);
        assertThat(learn.history().last().validLoss()).isLessThan(0.01);
        assertThat(learn.batch().y()).isSameAs(learn.batch().x());
    }

    @Test
    void lambda_runs_actions_at_their_event_in_the_order_they_were_given() {
        StringBuilder said = new StringBuilder();
        LambdaCB all = LambdaCB.on(Event.BEFORE_FIT, l -> said.append("begin "));
        for (Event e : Event.values()) {
            all.and(e, l -> said.append(e).append(' '));
        }
        Toys.learner(1, 1).fit(1, all);
        assertThat(said)
                .hasToString("begin beforeFit beforeEpoch beforeBatch afterPredict afterLoss afterBackward afterStep"
                        + " afterBatch cleanupBatch afterEpoch cleanupEpoch beforeEpoch beforeBatch afterPredict afterLoss"
                        + " afterBatch cleanupBatch afterEpoch cleanupEpoch afterFit cleanupFit ");
    }

    // ---- ProgressCB -----------------------------------------------------------------------------

    @Test
    void says_a_line_for_each_pass_when_output_is_no_terminal() {
        Toys.learner(2, 1).fit(1, new ProgressCB(screen, new Terminal(false, false, 80), Long.MAX_VALUE / 2));
        assertThat(text().lines().toList())
                .hasSize(2)
                .first()
                .asString()
                .matches("epoch 1/1 train  2 batches  0\\.\\d s  loss \\d\\.\\d{4}");
        assertThat(text()).doesNotContain("\r").doesNotContain("\u001b");
    }

    @Test
    void is_silent_beside_the_table_when_output_is_no_terminal() {
        Toys.learner(2, 1)
                .with(metrics())
                .fit(2, new ProgressCB(screen, new Terminal(false, false, 80), Long.MAX_VALUE / 2));
        assertThat(text()).isEmpty();
    }

    @Test
    void says_where_a_long_pass_is_now_and_then() {
        Toys.learner(4, 1).with(metrics()).fit(1, new ProgressCB(screen, new Terminal(false, false, 80), 0));
        assertThat(text().lines().findFirst().orElseThrow())
                .startsWith("epoch 1/1 train  25 %  1/4  ")
                .contains(" left  loss ")
                .contains("l1 ");
    }

    @Test
    void takes_the_bar_away_before_the_row_is_printed() {
        Toys.learner(3, 1)
                .with(new MetricsCB().printTo(screen::line), new ProgressCB(screen, new Terminal(true, true, 100), 0))
                .fit(2);
        List<String> rows = Arrays.stream(text().split("\n"))
                .map(l -> l.substring(l.lastIndexOf('\r') + 1))
                .toList();
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0)).startsWith("epoch   train loss");
        assertThat(rows.get(1)).startsWith("    1   ");
        assertThat(text()).endsWith(System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 60, 80, 100, 200})
    void never_draws_wider_than_the_terminal(int width) {
        Toys.learner(30, 1).with(metrics()).fit(1, new ProgressCB(screen, new Terminal(true, true, width), 0));
        assertThat(frames()).isNotEmpty().allSatisfy(f -> assertThat(f.length()).isLessThanOrEqualTo(width));
        assertThat(text()).doesNotContain("loss -");
    }

    @Test
    void colours_training_and_validation_apart() {
        Toys.learner(30, 1).with(metrics()).fit(1, new ProgressCB(screen, new Terminal(true, true, 100), 0));
        assertThat(text()).contains("\u001b[32m━").contains("\u001b[36m━");
    }

    @Test
    void draws_in_ascii_without_colours_where_unicode_cannot_be_shown() {
        Toys.learner(30, 1).with(metrics()).fit(1, new ProgressCB(screen, new Terminal(true, false, 100), 0));
        assertThat(text()).matches("\\p{ASCII}*").doesNotContain("\u001b");
        assertThat(frames())
                .anySatisfy(f -> assertThat(f).matches("epoch 1/1 train \\[=+] 100 %  30/30  0\\.0 s left  loss .*"));
    }

    @Test
    void says_what_is_done_what_is_left_and_no_time_before_the_first_batch() {
        assertThat(BarText.figures(0, 39, 0.1)).isEqualTo("   0 %   0/39");
        assertThat(BarText.figures(13, 39, 2)).isEqualTo("  33 %  13/39  4.0 s left");
        assertThat(BarText.figures(13, -1, 2)).isEqualTo("  13  2.0 s");
        assertThat(BarText.figures(40, 39, 2)).isEqualTo(" 102 %  40/39  0.0 s left");
    }

    private List<String> frames() {
        return Arrays.stream(text().split("\\R|\r"))
                .map(f -> f.replaceAll("\u001b\\[[0-9;]*m", ""))
                .filter(f -> !f.isBlank())
                .toList();
    }

    @Test
    void draws_the_loss_also_when_the_fit_fails(@TempDir Path dir) throws IOException {
        Path png = dir.resolve("new folder").resolve("loss.png");
        assertThatThrownBy(() -> Toys.learner(30, 1)
                .fit(
                        2,
                        new ProgressCB(screen, new Terminal(false, false, 80), Long.MAX_VALUE / 2).plot(png),
                        LambdaCB.on(Event.BEFORE_BATCH, l -> {
                            if (l.epoch() == 1 && l.iteration() == 20) {
                                throw new IllegalStateException("boom");
                            }
                        })));
        BufferedImage image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isEqualTo(900);
        try (var files = Files.list(png.getParent())) {
            assertThat(files).containsExactly(png);
        }
    }

    @Test
    void a_curve_stays_bounded_and_keeps_the_mean() {
        LossCurve curve = new LossCurve();
        for (int i = 0; i < 100_000; i++) {
            curve.add(i % 2 == 0 ? 1 : 3);
        }
        curve.add(Double.NaN);
        assertThat(curve.x().length).isBetween(512, 1024);
        assertThat(curve.y()).containsOnly(2.0);
        assertThat(curve.x()).isSorted();
        assertThat(curve.count()).isEqualTo(100_001);
    }

    @Test
    void a_smoothed_curve_lies_on_a_falling_line_and_not_behind_it() {
        LossCurve curve = new LossCurve();
        for (int i = 0; i < 200; i++) {
            curve.add(200 - i);
        }
        double[] smoothed = curve.smoothed();
        for (int i = 0; i < 190; i++) {
            assertThat(smoothed[i]).isCloseTo(200 - i, within(1e-9));
        }
        assertThat(new LossCurve().smoothed()).isEmpty();
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void says_that_the_folder_of_the_loss_chart_cannot_be_made(@TempDir Path dir) throws IOException {
        Path taken = Files.writeString(dir.resolve("taken"), "a file, no folder");
        Path chart = taken.resolve("loss.png");
        assertThatThrownBy(() -> Toys.learner(1, 1).fit(1, new ProgressCB().plot(chart)))
                .rootCause()
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Toys.learner(1, 1).fit(1, new ProgressCB().plot(chart)))
                .cause()
                .hasMessage("The loss chart " + chart + " cannot be written: its folder cannot be made.");
    }
}
