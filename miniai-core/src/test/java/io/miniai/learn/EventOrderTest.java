package io.miniai.learn;

import io.miniai.learn.Transcript.Recorder;
import io.miniai.learn.Transcript.RecordingLearner;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of hooks and steps, against transcripts in {@code src/test/resources/io/miniai/learn/transcripts}. */
class EventOrderTest {
    private final Transcript transcript = new Transcript();

    /** Callbacks A, B, C of which B throws at an event: the first time, or the first time in validation. */
    private Learner learner(Event when, boolean training, Supplier<? extends RuntimeException> what) {
        Recorder b = new Recorder(transcript, "B") {
            private boolean done;

            @Override
            void at(Event event, Learner learn) {
                if (event == when && !done && (event.level() == Level.FIT || learn.training() == training)) {
                    done = true;
                    throw what.get();
                }
            }
        };
        return plain().with(new Recorder(transcript, "A"), b, new Recorder(transcript, "C"));
    }

    private Learner plain() {
        return Toys.ready(new RecordingLearner(transcript, Toys.model(), Toys.data(2, 1)));
    }

    private static RuntimeException cancel(String level) {
        return switch (level) {
            case "fit" -> new CancelFitException();
            case "epoch" -> new CancelEpochException();
            default -> new CancelBatchException();
        };
    }

    @Test
    void a_fit_calls_before_hooks_in_order_and_closing_hooks_in_reverse() {
        Learner learn = plain().with(new Recorder(transcript, "A"), new Recorder(transcript, "B"));
        transcript.of(() -> learn.fit(2)).matches("normal-fit");
    }

    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource({
        "fit, BEFORE_FIT",
        "fit, AFTER_FIT",
        "fit, CLEANUP_FIT",
        "fit, BEFORE_EPOCH",
        "fit, AFTER_EPOCH",
        "fit, CLEANUP_EPOCH",
        "fit, BEFORE_BATCH",
        "fit, AFTER_LOSS",
        "fit, AFTER_BATCH",
        "fit, CLEANUP_BATCH",
        "epoch, BEFORE_EPOCH",
        "epoch, AFTER_EPOCH",
        "epoch, CLEANUP_EPOCH",
        "epoch, BEFORE_BATCH",
        "epoch, AFTER_STEP",
        "epoch, AFTER_BATCH",
        "epoch, CLEANUP_BATCH",
        "batch, BEFORE_BATCH",
        "batch, AFTER_PREDICT",
        "batch, AFTER_BACKWARD",
        "batch, AFTER_BATCH",
        "batch, CLEANUP_BATCH"
    })
    void a_cancel_ends_just_its_level_and_every_cleanup_runs(String level, Event when) {
        transcript.of(() -> learner(when, true, () -> cancel(level)).fit(1)).matches("cancel-" + level + "-in-" + when);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"fit", "epoch", "batch"})
    void a_cancel_in_validation_ends_just_its_level(String level) {
        transcript
                .of(() -> learner(Event.AFTER_LOSS, false, () -> cancel(level)).fit(2))
                .matches("cancel-" + level + "-in-validation");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"fit", "epoch", "batch"})
    void a_step_can_cancel(String level) {
        Learner learn = new RecordingLearner(transcript, Toys.model(), Toys.data(2, 1)) {
            @Override
            void at(String step) {
                if (step.equals("backward") && iteration() == 0) {
                    throw cancel(level);
                }
            }
        };
        Toys.ready(learn).with(new Recorder(transcript, "A"));
        transcript.of(() -> learn.fit(1)).matches("cancel-" + level + "-in-step");
    }

    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource({"batch, BEFORE_FIT", "batch, AFTER_EPOCH", "epoch, BEFORE_FIT", "epoch, CLEANUP_FIT"})
    void a_cancel_of_a_level_that_is_not_running_is_an_error(String level, Event when) {
        transcript
                .of(() -> learner(when, true, () -> cancel(level)).fit(1))
                .matches("misplaced-" + level + "-in-" + when);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "BEFORE_FIT",
        "BEFORE_EPOCH",
        "BEFORE_BATCH",
        "AFTER_LOSS",
        "AFTER_BATCH",
        "AFTER_EPOCH",
        "AFTER_FIT",
        "CLEANUP_BATCH",
        "CLEANUP_EPOCH",
        "CLEANUP_FIT"
    })
    void an_exception_ends_the_fit_and_every_cleanup_runs(Event when) {
        transcript
                .of(() -> learner(when, true, () -> new IllegalStateException("boom"))
                        .fit(1))
                .matches("exception-in-" + when);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"predict", "getLoss", "backward", "step", "zeroGrad"})
    void an_exception_in_a_step_ends_the_fit_and_every_cleanup_runs(String when) {
        Learner learn = new RecordingLearner(transcript, Toys.model(), Toys.data(2, 1)) {
            @Override
            void at(String step) {
                if (step.equals(when) && iteration() == 1) {
                    throw new IllegalStateException("boom");
                }
            }
        };
        Toys.ready(learn).with(new Recorder(transcript, "A"), new Recorder(transcript, "B"));
        transcript.of(() -> learn.fit(1)).matches("exception-in-step-" + when);
    }

    @Test
    void an_exception_in_cleanup_is_added_to_the_first_one() {
        Recorder fragile = new Recorder(transcript, "B") {
            @Override
            void at(Event event, Learner learn) {
                if (event == Event.AFTER_LOSS || event == event.level().cleanup()) {
                    throw new IllegalStateException("boom in " + event + " after "
                            + (learn.failure() == null
                                    ? "nothing"
                                    : learn.failure().getClass().getSimpleName()));
                }
            }
        };
        Learner learn = plain().with(new Recorder(transcript, "A"), fragile);
        transcript.of(() -> learn.fit(1)).matches("exceptions-in-cleanup");
    }

    @Test
    void a_callback_can_fit_within_a_fit() {
        Learner learn = plain();
        Recorder nesting = new Recorder(transcript, "N") {
            @Override
            void at(Event event, Learner l) {
                if (event == Event.AFTER_BATCH && l.training() && l.iteration() == 0) {
                    l.fit(FitOptions.of(1).lr(0.01).with(new Recorder(transcript, "inner")));
                    transcript.line(
                            2,
                            "(back in epoch " + l.epoch() + ", batch " + l.iteration() + ", training " + l.training()
                                    + ", model training " + l.model().training() + ", depth " + l.depth() + ", lr "
                                    + l.optimizer().lr()
                                    + ")");
                }
            }
        };
        learn.with(new Recorder(transcript, "A"));
        transcript.of(() -> learn.fit(1, nesting)).matches("nested-fit");
    }

    @Test
    void a_cancel_of_an_inner_fit_does_not_reach_the_outer_one() {
        Learner learn = plain();
        Recorder nesting = new Recorder(transcript, "N") {
            @Override
            void at(Event event, Learner l) {
                if (event == Event.AFTER_EPOCH && l.training()) {
                    l.fit(1, new Recorder(transcript, "inner") {
                        @Override
                        void at(Event e, Learner inner) {
                            if (e == Event.AFTER_PREDICT) {
                                throw new CancelFitException();
                            }
                        }
                    });
                }
            }
        };
        transcript.of(() -> learn.fit(1, nesting)).matches("nested-fit-cancelled");
    }

    @Test
    void an_exception_in_an_inner_fit_reaches_the_outer_one() {
        Learner learn = plain();
        Recorder nesting = new Recorder(transcript, "N") {
            @Override
            void at(Event event, Learner l) {
                if (event == Event.BEFORE_FIT) {
                    l.fit(1, new Recorder(transcript, "inner") {
                        @Override
                        void at(Event e, Learner inner) {
                            if (e == Event.AFTER_PREDICT) {
                                throw new IllegalStateException("boom");
                            }
                        }
                    });
                }
            }
        };
        transcript.of(() -> learn.fit(1, nesting)).matches("nested-fit-failed");
    }
}
