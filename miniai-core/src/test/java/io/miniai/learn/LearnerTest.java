package io.miniai.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.miniai.nn.Conv2d;
import io.miniai.nn.Dropout;
import io.miniai.nn.Linear;
import io.miniai.nn.Losses;
import io.miniai.nn.Module;
import io.miniai.nn.Sequential;
import io.miniai.optim.Optimizer;
import io.miniai.optim.SGD;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import io.miniai.tensor.Window;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LearnerTest {
    /** A callback for one hook; as a class, because the hooks here have no lambda form. */
    private abstract static class BeforeBatch implements Callback {
        @Override
        public abstract void beforeBatch(Learner learn);
    }

    // ---- training -------------------------------------------------------------------------------

    @Test
    void trains_as_the_same_loop_written_by_hand() {
        Module byHand = Toys.model();
        SGD sgd = new SGD(byHand.parameters(), 0.1);
        for (int epoch = 0; epoch < 3; epoch++) {
            for (Batch b : Toys.batches(2, 4)) {
                Losses.mse(byHand.apply(b.x()), b.y()).backward();
                sgd.step();
                sgd.zeroGrad();
            }
        }
        Learner learn = Toys.learner(2, 1);
        learn.fit(3);
        assertThat(weight(learn)).isEqualTo(byHand.parameter("weight").toFloatArray());
    }

    @Test
    void leaves_the_model_unchanged_when_it_only_validates() {
        Learner learn = Learner.of(Toys.model(), Toys.data(2, 2)).loss(Losses::mse);
        float[] before = weight(learn);
        AtomicInteger batches = new AtomicInteger();
        learn.fit(FitOptions.of(2).train(false).with(count(batches)));
        assertThat(weight(learn)).isEqualTo(before);
        assertThat(batches).hasValue(4);
        assertThatThrownBy(learn::optimizer).hasMessageContaining("no optimizer here");
    }

    @Test
    void does_without_validation_data() {
        Learner learn = Toys.ready(Learner.of(Toys.model(), TrainValid.of(Toys.batches(2, 4))));
        AtomicInteger batches = new AtomicInteger();
        learn.fit(3, count(batches));
        assertThat(batches).hasValue(6);
        assertThat(learn.options().valid()).isFalse();
    }

    @Test
    void validates_without_gradients_in_evaluation_mode_that_reaches_children() {
        Dropout inner = new Dropout(0.5);
        Module model = Sequential.of(Sequential.of(inner), new Linear(2, 1));
        Learner learn = Toys.ready(Learner.of(model, Toys.data(2, 2)));
        List<String> seen = new ArrayList<>();
        learn.fit(1, new Callback() {
            @Override
            public void afterLoss(Learner l) {
                seen.add(l.training() + " " + inner.training() + " " + Tensor.gradEnabled() + " "
                        + l.loss().requiresGrad());
            }
        });
        assertThat(seen)
                .containsExactly(
                        "true true true true",
                        "true true true true",
                        "false false false false",
                        "false false false false");
        assertThat(inner.training()).as("after the fit").isFalse();
    }

    @Test
    void trains_also_when_called_within_no_grad() {
        Learner learn = Toys.learner(2, 0 + 1);
        float[] before = weight(learn);
        Tensor.noGrad(() -> learn.fit(1));
        assertThat(weight(learn)).isNotEqualTo(before);
    }

    // ---- what lasts for one fit only ------------------------------------------------------------

    @Test
    void forgets_the_gradients_that_a_failed_fit_has_left() {
        Learner learn = Toys.learner(1, 1);
        Learner fresh = Toys.learner(1, 1);
        assertThatThrownBy(() -> learn.fit(1, new Callback() {
                    @Override
                    public void afterBackward(Learner l) {
                        throw new IllegalStateException("stop");
                    }
                }))
                .isInstanceOf(LearnerException.class);
        learn.fit(1);
        fresh.fit(1);
        for (int i = 0; i < 2; i++) {
            assertThat(learn.model().parameters().get(i).toFloatArray())
                    .isEqualTo(fresh.model().parameters().get(i).toFloatArray());
        }
    }

    @Test
    void fits_again_when_what_a_failed_fit_left_cannot_be_shown() {
        Learner learn = Toys.ready(Learner.of(
                new Conv2d(1, 1, Window.of(3)),
                TrainValid.of(List.of(new Batch(Tensor.ones(1, 1, 3, 3), Tensor.ones(1, 1, 1, 1))))));
        assertThatThrownBy(() -> learn.fit(1, new Callback() {
                    @Override
                    public void afterPredict(Learner l) {
                        TensorUpdates.assign(l.model().parameters().get(0), Tensor.zeros(1, 1, 3, 3));
                        throw new IllegalStateException("stop");
                    }
                }))
                .isInstanceOf(LearnerException.class)
                .hasMessageContaining("stop");
        int[] depth = {-1};
        learn.fit(1, new Callback() {
            @Override
            public void beforeFit(Learner l) {
                depth[0] = l.depth();
            }
        });
        assertThat(depth[0]).isZero();
    }

    @Test
    void says_which_callback_is_null() {
        assertThatThrownBy(() -> Toys.learner(1, 1).with(new Callback() {}, null))
                .hasMessage("Expected callbacks; got null as number 1.");
        assertThatThrownBy(() -> Sequential.of(Toys.model(), null))
                .hasMessage("Expected modules; got null as number 1.");
    }

    @Test
    void makes_a_new_optimizer_for_every_fit() {
        Learner learn = Toys.learner(1, 1);
        List<Optimizer> seen = new ArrayList<>();
        Callback spy = new Callback() {
            @Override
            public void beforeFit(Learner l) {
                seen.add(l.optimizer());
            }
        };
        learn.fit(1, spy);
        learn.fit(1, 0.5, spy);
        learn.fit(1, spy);
        assertThat(seen).doesNotHaveDuplicates().extracting(Optimizer::lr).containsExactly(0.1, 0.5, 0.1);
    }

    @Test
    void forgets_callbacks_and_learning_rate_of_a_fit_also_when_it_throws() {
        Learner learn = Toys.learner(1, 1);
        AtomicInteger calls = new AtomicInteger();
        assertThatThrownBy(() -> learn.fit(1, 0.7, new BeforeBatch() {
                    @Override
                    public void beforeBatch(Learner l) {
                        calls.incrementAndGet();
                        throw new IllegalStateException("boom");
                    }
                }))
                .isInstanceOf(LearnerException.class);
        learn.fit(1);
        assertThat(calls).hasValue(1);
        assertThat(learn.callbacks()).isEmpty();
        assertThat(learn.optimizer().lr()).isEqualTo(0.1);
    }

    // ---- steps ----------------------------------------------------------------------------------

    @Test
    void lets_a_callback_take_over_a_step_and_call_the_original() {
        Learner learn = Toys.learner(1, 1);
        List<Double> losses = new ArrayList<>();
        LossStep twice = l -> l.getLoss().mul(2);
        learn.fit(FitOptions.of(1).lr(0).with(lossInto(losses)));
        learn.fit(FitOptions.of(1).lr(0).with(lossInto(losses), twice));
        assertThat(losses.get(2)).isCloseTo(2 * losses.get(0), within(1e-6));
    }

    @Test
    void accumulates_gradients_when_step_and_zero_grad_are_taken_over() {
        class Accumulate implements OptimizerStep, ZeroGradStep {
            private boolean due(Learner l) {
                return l.iteration() % 2 == 1;
            }

            @Override
            public void step(Learner l) {
                if (due(l)) {
                    l.step();
                }
            }

            @Override
            public void zeroGrad(Learner l) {
                if (due(l)) {
                    l.zeroGrad();
                }
            }
        }
        Module byHand = Toys.model();
        SGD sgd = new SGD(byHand.parameters(), 0.1);
        for (Batch b : Toys.batches(4, 4)) {
            Losses.mse(byHand.apply(b.x()), b.y()).backward();
            if (b.x().at(0, 0) == Toys.batches(4, 4).get(1).x().at(0, 0)) {
                sgd.step();
                sgd.zeroGrad();
            }
        }
        sgd.step();
        Learner learn = Toys.learner(4, 1);
        learn.fit(1, new Accumulate());
        assertThat(weight(learn))
                .containsExactly(byHand.parameter("weight").toFloatArray(), org.assertj.core.data.Offset.offset(1e-6f));
    }

    @Test
    void lets_a_subclass_override_a_step() {
        Learner learn = Toys.ready(new Learner(Toys.model(), Toys.data(1, 1)) {
            @Override
            public Tensor predict() {
                return batch().y();
            }

            @Override
            public void backward() {}
        });
        learn.fit(1);
        assertThat(learn.lossValue()).isZero();
    }

    @Test
    void throws_when_two_callbacks_take_over_the_same_step() {
        class First implements PredictStep {
            @Override
            public Tensor predict(Learner learn) {
                return learn.predict();
            }
        }
        class Second extends First {}
        assertThatThrownBy(() -> Toys.learner(1, 1).with(new First()).fit(1, new Second()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Expected one callback at most to take over the step predict; got First and Second."
                        + " Fix: leave one of them out of this fit, or combine them in one.");
    }

    @Test
    void throws_when_the_loss_is_not_one_number() {
        Learner learn = Toys.learner(1, 1).loss((p, y) -> p.sub(y));
        assertThatThrownBy(() -> learn.fit(1))
                .hasMessageStartingWith(
                        "Epoch 1/1, training batch 1/1: step getLoss failed: ShapeException: Expected a loss of one number;"
                                + " got [4, 1].");
    }

    @Test
    void lets_hooks_replace_batch_predictions_and_loss() {
        Learner learn = Toys.learner(1, 1);
        List<Double> losses = new ArrayList<>();
        learn.fit(FitOptions.of(1).lr(0).with(lossInto(losses), new Callback() {
            @Override
            public int order() {
                return -1;
            }

            @Override
            public void beforeBatch(Learner l) {
                l.setBatch(new Batch(l.batch().x(), Tensor.zeros(4, 1)));
            }

            @Override
            public void afterPredict(Learner l) {
                l.setPreds(l.preds().mul(0).add(3));
            }

            @Override
            public void afterLoss(Learner l) {
                l.setLoss(l.loss().add(1));
            }
        }));
        assertThat(losses).containsExactly(10.0, 10.0);
    }

    // ---- errors ---------------------------------------------------------------------------------

    @Test
    void wraps_an_exception_with_callback_hook_epoch_and_batch() {
        class NaNGuard implements Callback {
            @Override
            public void afterLoss(Learner learn) {
                if (learn.epoch() == 1 && learn.iteration() == 2) {
                    throw new ArithmeticException("loss is NaN");
                }
            }
        }
        Callback guard = new NaNGuard();
        Learner learn = Toys.learner(3, 1).with(guard);
        assertThatThrownBy(() -> learn.fit(2)).isInstanceOfSatisfying(LearnerException.class, e -> {
            assertThat(e)
                    .hasMessage(
                            "Epoch 2/2, training batch 3/3: afterLoss of NaNGuard failed: ArithmeticException: loss is NaN");
            assertThat(e).hasCauseExactlyInstanceOf(ArithmeticException.class);
            assertThat(e.callback()).isSameAs(guard);
            assertThat(e.event()).isEqualTo("afterLoss");
            assertThat(e.epoch()).isEqualTo(1);
            assertThat(e.batch()).isEqualTo(2);
        });
    }

    @Test
    void lets_an_error_through_as_it_is_and_says_where_it_was() {
        AssertionError error = new AssertionError("mine");
        AtomicInteger cleanups = new AtomicInteger();
        Learner learn = Toys.learner(1, 1);
        assertThatThrownBy(() -> learn.fit(1, new Callback() {
                    @Override
                    public void afterPredict(Learner l) {
                        throw error;
                    }

                    @Override
                    public void cleanupFit(Learner l) {
                        cleanups.incrementAndGet();
                    }
                }))
                .isSameAs(error);
        assertThat(error.getSuppressed()[0]).hasMessageContaining("Epoch 1/1, training batch 1/1: afterPredict of");
        assertThat(cleanups).hasValue(1);
    }

    @Test
    void explains_a_layer_that_does_not_fit_before_the_first_batch() {
        Learner learn = Toys.ready(Learner.of(Sequential.of(new Linear(2, 3), new Linear(4, 1)), Toys.data(1, 1)));
        assertThatThrownBy(() -> learn.fit(1))
                .isInstanceOf(LearnerException.class)
                .hasMessageContaining("Epoch 1/1, training batch 1/1: step predict failed: ShapeException: ")
                .hasMessageContaining("Linear(4→1)")
                .hasMessageContaining("Linear(3, 1)");
    }

    @Test
    void explains_a_wrong_head_before_the_first_batch_is_trained() {
        List<Batch> batches = List.of(new Batch(Tensor.zeros(4, 2), Tensor.of(new long[4], 4)));
        Module model = Sequential.of(new Linear(2, 3), new io.miniai.nn.Lambda("spread", x -> x.reshape(4, 3, 1, 1)));
        Learner learn = Learner.of(model, TrainValid.of(batches))
                .loss(Losses::crossEntropy)
                .optimizer(SGD::new);
        assertThatThrownBy(() -> learn.fit(1, 0.1))
                .isInstanceOf(LearnerException.class)
                .hasCauseInstanceOf(ShapeException.class)
                .hasMessageContaining("step getLoss failed")
                .hasMessageContaining("[4, 3, 1, 1]");
    }

    @Test
    void says_all_that_is_missing_before_anything_runs() {
        AtomicInteger calls = new AtomicInteger();
        Learner learn = Learner.of(Toys.model(), Toys.data(1, 1)).with(count(calls));
        assertThatThrownBy(() -> learn.fit(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "This Learner cannot fit yet. It has no loss: .loss(Losses::crossEntropy); no optimizer: .optimizer(SGD::new).");
        assertThatThrownBy(() -> learn.loss(Losses::mse).optimizer(SGD::new).fit(1))
                .hasMessageContaining("no learning rate: fit(epochs, 0.1) or .lr(0.1)");
        assertThat(calls).hasValue(0);
    }

    @Test
    void throws_when_model_or_data_are_missing_or_numbers_make_no_sense() {
        assertThatThrownBy(() -> Learner.of(null, Toys.data(1, 1))).hasMessageContaining("needs a model");
        assertThatThrownBy(() -> Learner.of(Toys.model(), null)).hasMessageContaining("needs data");
        assertThatThrownBy(() -> Toys.learner(1, 1).fit(-1)).hasMessage("Expected 0 or more epochs; got -1.");
        assertThatThrownBy(() -> Toys.learner(1, 1).fit(1, Double.NaN))
                .hasMessageContaining("learning rate of 0 or more; got NaN");
        assertThatThrownBy(() -> FitOptions.of(1).train(false).valid(false)).hasMessageContaining("got neither");
        assertThatThrownBy(() -> Toys.ready(Learner.of(Toys.model(), TrainValid.of(Toys.batches(1, 1))))
                        .fit(FitOptions.of(1).train(false)))
                .hasMessageContaining("no data to validate on");
        assertThatThrownBy(() -> new Batch(Tensor.zeros(3, 2), Tensor.zeros(4, 1)))
                .hasMessageContaining("inputs [3, 2] and targets [4, 1]");
    }

    @Test
    void throws_when_a_source_gives_no_batch_in_a_later_epoch() {
        Iterator<Batch> once = Toys.batches(2, 4).iterator();
        Learner learn = Toys.ready(Learner.of(Toys.model(), TrainValid.of(() -> once)));
        assertThatThrownBy(() -> learn.fit(2))
                .hasMessageStartingWith(
                        "Epoch 2/2, training: reading batch 1 failed: IllegalStateException: Expected at least one batch");
    }

    @Test
    void says_that_there_is_no_state_before_the_first_fit_and_shows_it_after() {
        Learner learn = Toys.learner(2, 1);
        assertThatThrownBy(learn::preds).hasMessageContaining("Expected a fit to be running or done");
        learn.fit(2);
        assertThat(learn.epoch()).isEqualTo(1);
        assertThat(learn.iteration()).isZero();
        assertThat(learn.training()).isFalse();
        assertThat(learn.preds().shape()).hasToString("[4, 1]");
        assertThat(learn.loss().item()).isEqualTo(learn.lossValue());
        assertThatThrownBy(() -> learn.setLoss(Tensor.scalar(1))).hasMessageContaining("outside of one");
    }

    @Test
    void throws_when_it_is_set_up_from_inside_a_fit() {
        assertThatThrownBy(() -> Toys.learner(1, 1).fit(1, new BeforeBatch() {
                    @Override
                    public void beforeBatch(Learner l) {
                        l.with(this);
                    }
                }))
                .hasRootCauseMessage(
                        "Expected with(...) between fits; got it from inside one. Fix: set the Learner up before fit, or hand"
                                + " callbacks and lr to fit itself.");
    }

    @Test
    void throws_when_a_callback_nests_fits_without_end() {
        Learner learn = Toys.learner(1, 1).with(new BeforeBatch() {
            @Override
            public void beforeBatch(Learner l) {
                l.fit(1);
            }
        });
        assertThatThrownBy(() -> learn.fit(1))
                .rootCause()
                .hasMessage("Expected a callback that calls fit to come to an end; got fits nested 16 deep. Fix: the"
                        + " callback is called in the inner fit, too: let it check depth() == 0.");
    }

    // ---- threads --------------------------------------------------------------------------------

    @Test
    void throws_when_it_fits_on_another_thread_already() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch tried = new CountDownLatch(1);
        Learner learn = Toys.learner(1, 1);
        Thread other = new Thread(() -> learn.fit(1, new BeforeBatch() {
            @Override
            public void beforeBatch(Learner l) {
                running.countDown();
                try {
                    tried.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }));
        other.start();
        running.await();
        assertThatThrownBy(() -> learn.fit(1))
                .hasMessage("This Learner is fitting on another thread already. Fix: wait for that fit to end, or use a"
                        + " Learner and a model of its own for each thread.");
        tried.countDown();
        other.join();
        learn.fit(1);
    }

    @Test
    void ends_promptly_when_interrupted_runs_cleanup_undisturbed_and_leaves_the_flag_set() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean flagInCleanup = new AtomicBoolean(true);
        AtomicBoolean flagAfterwards = new AtomicBoolean();
        AtomicInteger batches = new AtomicInteger();
        Thread fitting = new Thread(() -> {
            try {
                Toys.learner(10, 1).fit(1000, new Callback() {
                    @Override
                    public void afterBatch(Learner l) {
                        if (batches.incrementAndGet() == 3) {
                            Thread.currentThread().interrupt();
                        }
                    }

                    @Override
                    public void cleanupFit(Learner l) {
                        flagInCleanup.set(Thread.currentThread().isInterrupted());
                    }
                });
            } catch (RuntimeException e) {
                thrown.set(e);
            }
            flagAfterwards.set(Thread.currentThread().isInterrupted());
        });
        fitting.start();
        fitting.join();
        assertThat(thrown.get())
                .isInstanceOf(FitInterruptedException.class)
                .hasMessage("Epoch 1/1000, training: reading batch 4/10 was interrupted");
        assertThat(batches).hasValue(3);
        assertThat(flagInCleanup).isFalse();
        assertThat(flagAfterwards).isTrue();
    }

    // ---- data -----------------------------------------------------------------------------------

    @Test
    void closes_the_iterator_when_a_pass_ends_early() {
        class Source implements Batches {
            int closed;

            @Override
            public int size() {
                return 5;
            }

            @Override
            public Iterator<Batch> iterator() {
                Iterator<Batch> it = Toys.batches(5, 4).iterator();
                class Closing implements Iterator<Batch>, AutoCloseable {
                    @Override
                    public boolean hasNext() {
                        return it.hasNext();
                    }

                    @Override
                    public Batch next() {
                        return it.next();
                    }

                    @Override
                    public void close() {
                        closed++;
                    }
                }
                return new Closing();
            }
        }
        Source source = new Source();
        Learner learn = Toys.ready(Learner.of(Toys.model(), TrainValid.of(source)));
        learn.fit(1);
        assertThat(source.closed).isEqualTo(1);
        learn.fit(2, new BeforeBatch() {
            @Override
            public void beforeBatch(Learner l) {
                if (l.iteration() == 2) {
                    throw new CancelEpochException();
                }
            }
        });
        assertThat(source.closed).isEqualTo(3);
        assertThatThrownBy(() -> learn.fit(1, new BeforeBatch() {
                    @Override
                    public void beforeBatch(Learner l) {
                        throw new IllegalStateException("boom");
                    }
                }))
                .isInstanceOf(LearnerException.class);
        assertThat(source.closed).isEqualTo(4);
    }

    @Test
    void sorts_callbacks_by_order_and_keeps_the_order_of_equals() {
        record Named(String name, int order) implements Callback {}
        Learner learn = Toys.learner(1, 1).with(new Named("b", 0), new Named("z", 5), new Named("c", 0));
        learn.fit(1, new Named("d", 0), new Named("a", -5));
        assertThat(learn.callbacks()).extracting(c -> ((Named) c).name()).containsExactly("a", "b", "c", "d", "z");
    }

    private static float[] weight(Learner learn) {
        return learn.model().parameter("weight").toFloatArray();
    }

    private static Callback count(AtomicInteger batches) {
        return new BeforeBatch() {
            @Override
            public void beforeBatch(Learner learn) {
                batches.incrementAndGet();
            }
        };
    }

    private static Callback lossInto(List<Double> losses) {
        return new Callback() {
            @Override
            public void afterLoss(Learner learn) {
                losses.add(learn.lossValue());
            }
        };
    }
}
