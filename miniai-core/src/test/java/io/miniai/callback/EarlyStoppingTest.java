package io.miniai.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.learn.Callback;
import io.miniai.learn.CancelFitException;
import io.miniai.learn.Event;
import io.miniai.learn.FitOptions;
import io.miniai.learn.Learner;
import io.miniai.learn.Toys;
import io.miniai.metric.MeanLoss;
import io.miniai.nn.Losses;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
    private final EarlyStoppingCB two = new EarlyStoppingCB(Objective.validLoss()).patience(2);

    private static int epochsOf(Learner learn, EarlyStoppingCB stop, int epochs) {
        learn.fit(epochs, stop);
        return learn.history().size();
    }

    @Test
    void ends_the_fit_when_nothing_got_better_for_as_many_epochs_as_its_patience() {
        assertThat(epochsOf(EpochStub.learner(5, 4, 4.5, 4.2, 3), two, 5)).isEqualTo(4);
        assertThat(two.stopped()).isTrue();
    }

    @Test
    void waits_anew_after_every_better_epoch() {
        assertThat(epochsOf(EpochStub.learner(5, 6, 4, 6, 3, 6, 6, 2), two, 8)).isEqualTo(7);
    }

    @Test
    void lets_a_fit_that_gets_better_run_to_its_end() {
        assertThat(epochsOf(EpochStub.learner(5, 4, 3, 2, 1), two, 5)).isEqualTo(5);
        assertThat(two.stopped()).isFalse();
    }

    @Test
    void throws_before_a_fit_that_will_not_have_the_figure() {
        Learner learn = Toys.learner(1, 1).with(new MetricsCB());
        assertThatThrownBy(() -> learn.fit(FitOptions.of(1).valid(false).with(two)))
                .hasStackTraceContaining(
                        "EarlyStoppingCB waits for the validation loss, but this fit has no validation pass."
                                + " Fix: give the Learner validation data, or watch Objective.trainLoss().");
        learn.fit(FitOptions.of(1).valid(false).with(new EarlyStoppingCB(Objective.trainLoss())));
    }

    @Test
    void looks_at_its_own_fit_and_not_at_one_that_a_callback_begins() {
        Learner learn = EpochStub.learner(5, 4, 3, 2, 1);
        Callback nested = new Callback() {
            @Override
            public int order() {
                return 70; // between the metrics and the early stopping
            }

            @Override
            public void afterEpoch(Learner l) {
                if (l.depth() == 0 && !l.training()) {
                    l.fit(FitOptions.of(1).train(false));
                }
            }
        };
        EarlyStoppingCB train = new EarlyStoppingCB(Objective.trainLoss()).patience(1);
        learn.fit(FitOptions.of(1).lr(0.1).with(train, nested));
        assertThat(train.stopped()).isFalse();
    }

    @Test
    void counts_an_equal_figure_and_one_within_min_delta_as_no_better() {
        assertThat(epochsOf(EpochStub.learner(5, 5, 5, 1), two, 4)).isEqualTo(3);
        assertThat(epochsOf(EpochStub.learner(5, 4.75, 4.5, 1), two.minDelta(0.5), 4))
                .isEqualTo(3);
    }

    @Test
    void counts_nan_as_no_better_and_any_number_as_better_than_nan() {
        double nan = Double.NaN;
        assertThat(epochsOf(EpochStub.learner(nan, 5, nan, nan, 1), two, 5)).isEqualTo(4);
        assertThat(epochsOf(EpochStub.learner(nan, nan, 1), two, 3)).isEqualTo(2);
    }

    @Test
    void begins_anew_with_every_fit() {
        Learner learn = EpochStub.learner(5, 6, 7).with(two);
        learn.fit(2);
        learn.fit(2);
        assertThat(learn.history().size()).isEqualTo(4);
        assertThat(two.stopped()).isFalse();
    }

    @Test
    void follows_a_metric_in_its_direction() {
        Learner learn = EpochStub.learner(3, 4, 5, 6, 7).with(two);
        // The loss of the stub as a metric that should grow.
        learn.fit(5);
        assertThat(learn.history().size()).isEqualTo(3);
        assertThat(Objective.highest("accuracy").isBetter(0.9, 0.8, 0.05)).isTrue();
        assertThat(Objective.highest("accuracy").isBetter(0.9, 0.8, 0.2)).isFalse();
        assertThat(Objective.lowest("l1").isBetter(0.9, 0.8, 0)).isFalse();
        assertThat(Objective.lowest("l1").name()).isEqualTo("validation l1");
    }

    @Test
    void looks_at_the_training_loss_where_there_is_no_validation() {
        Learner learn = Toys.learner(1, 1).with(new MetricsCB().printTo(line -> {}));
        learn.fit(FitOptions.of(4).lr(0).valid(false).with(new EarlyStoppingCB(Objective.trainLoss()).patience(1)));
        assertThat(learn.history().size()).isEqualTo(2);
    }

    @Test
    void leaves_fits_that_a_callback_calls_alone() {
        Learner learn = EpochStub.learner(5, 4, 3).with(two.patience(1));
        learn.fit(3, LambdaCB.on(Event.BEFORE_EPOCH, l -> l.fit(FitOptions.of(1).train(false))));
        assertThat(two.stopped()).isFalse();
    }

    @Test
    void throws_when_nobody_provides_the_figure_or_numbers_make_no_sense() {
        assertThatThrownBy(() -> Toys.learner(1, 1).fit(1, two))
                .cause()
                .hasMessage("EarlyStoppingCB needs the figures of each epoch. Fix: add a MetricsCB to the Learner.");
        assertThatThrownBy(() -> Toys.learner(1, 1)
                        .with(new MetricsCB(new MeanLoss("l1", Losses::l1)).printTo(line -> {}))
                        .fit(1, new EarlyStoppingCB(Objective.highest("accuracy"))))
                .cause()
                .hasMessage(
                        "Expected a metric of [l1]; got \"accuracy\". Fix: give it to the MetricsCB, or name one that"
                                + " it has.");
        assertThatThrownBy(() -> two.patience(0)).hasMessage("Expected a patience of at least 1 epoch; got 0.");
        assertThatThrownBy(() -> two.minDelta(-1)).hasMessage("Expected a minDelta of 0 or more; got -1.0.");
    }

    // ---- RestoreBestCB --------------------------------------------------------------------------

    @Test
    void restores_the_first_of_the_best_epochs_at_the_end() {
        RestoreBestCB best = new RestoreBestCB(Objective.validLoss());
        Learner learn = EpochStub.learner(5, 2, 4, 2, 3);
        learn.fit(5, best);
        assertThat(EpochStub.weight(learn)).isEqualTo(2);
        assertThat(best.bestEpoch()).isEqualTo(1);
        assertThat(best.best()).isEqualTo(2);
    }

    @Test
    void restores_when_the_fit_is_stopped_early_cancelled_or_fails() {
        Learner stopped = EpochStub.learner(5, 2, 4, 6, 3);
        stopped.fit(5, two, new RestoreBestCB(Objective.validLoss()));
        assertThat(EpochStub.weight(stopped)).isEqualTo(2);

        Learner cancelled = EpochStub.learner(5, 2, 4);
        cancelled.fit(3, new RestoreBestCB(Objective.validLoss()), LambdaCB.on(Event.AFTER_STEP, l -> {
            if (l.epoch() == 2) {
                throw new CancelFitException();
            }
        }));
        assertThat(EpochStub.weight(cancelled)).isEqualTo(2);

        Learner failed = EpochStub.learner(5, 2, 4);
        assertThatThrownBy(() ->
                failed.fit(3, new RestoreBestCB(Objective.validLoss()), LambdaCB.on(Event.AFTER_STEP, l -> {
                    if (l.epoch() == 2) {
                        throw new IllegalStateException("boom");
                    }
                })));
        assertThat(EpochStub.weight(failed)).isEqualTo(2);
    }

    @Test
    void leaves_the_model_alone_when_no_epoch_had_a_figure() {
        RestoreBestCB best = new RestoreBestCB(Objective.highest("none"));
        Learner learn = EpochStub.learner(Double.NaN, Double.NaN);
        learn.fit(2, best);
        assertThat(EpochStub.weight(learn)).isNaN();
        assertThat(best.bestEpoch()).isEqualTo(-1);
    }

    @Test
    void shows_the_best_to_callbacks_that_clean_up_after_it() {
        double[] seen = new double[1];
        EpochStub.learner(5, 2, 4)
                .fit(
                        3,
                        new RestoreBestCB(Objective.validLoss()),
                        LambdaCB.on(Event.CLEANUP_FIT, l -> seen[0] = EpochStub.weight(l)));
        assertThat(seen[0]).isEqualTo(2);
    }
}
