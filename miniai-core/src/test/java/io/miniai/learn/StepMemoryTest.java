package io.miniai.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may hold which tensor for how long. */
class StepMemoryTest {

    @Test
    void predictions_and_losses_that_a_hook_read_stay_valid_and_right() {
        List<Tensor> kept = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        Toys.learner(5, 1).fit(2, new Callback() {
            @Override
            public void afterLoss(Learner learn) {
                for (Tensor t : List.of(learn.preds(), learn.loss())) {
                    kept.add(t);
                    values.add(t.toDoubleArray());
                }
            }
        });
        for (int i = 0; i < kept.size(); i++) {
            assertThat(kept.get(i).toDoubleArray()).isEqualTo(values.get(i));
        }
    }

    @Test
    void what_a_borrowing_callback_holds_fails_loudly_at_the_next_batch() {
        class Greedy implements Callback, Borrows {
            Tensor first;

            @Override
            public void afterPredict(Learner learn) {
                if (first == null) {
                    first = learn.preds();
                }
            }
        }
        Greedy greedy = new Greedy();
        Toys.learner(3, 1).fit(1, greedy);
        assertThat(greedy.first.isReleased()).isTrue();
        assertThatThrownBy(greedy.first::toFloatArray).hasMessageContaining("keep()");
    }

    @Test
    void what_a_hook_makes_is_its_own() {
        List<Tensor> made = new ArrayList<>();
        Toys.learner(3, 1).fit(1, new Callback() {
            @Override
            public void afterBatch(Learner learn) {
                made.add(learn.preds().detach().mul(2));
            }
        });
        assertThat(made).noneMatch(Tensor::isReleased);
    }

    @Test
    void batches_made_by_the_data_are_reused_unless_a_hook_read_them() {
        List<Tensor> made = new ArrayList<>();
        Iterable<Batch> source = () -> new Iterator<>() {
            private int i;

            @Override
            public boolean hasNext() {
                return i < 4;
            }

            @Override
            public Batch next() {
                i++;
                Tensor x = Tensor.ones(4, 2);
                made.add(x);
                return new Batch(x, Tensor.ones(4, 1));
            }
        };
        Learner learn = Toys.ready(Learner.of(Toys.model(), TrainValid.of(source)));
        learn.fit(1, new Callback() {
            @Override
            public void beforeBatch(Learner l) {
                if (l.iteration() == 1) {
                    l.batch();
                }
            }
        });
        assertThat(made).extracting(Tensor::isReleased).containsExactly(true, false, true, false);
        assertThat(learn.batch().x().toFloatArray())
                .as("the last one goes on being shown")
                .containsOnly(1f);
    }

    @Test
    void an_inner_fit_leaves_the_tensors_of_the_outer_batch_alone() {
        List<double[]> before = new ArrayList<>();
        List<double[]> after = new ArrayList<>();
        Learner learn = Toys.learner(2, 1);
        learn.fit(1, new Callback() {
            @Override
            public void afterPredict(Learner l) {
                if (l.depth() > 0) {
                    return;
                }
                before.add(l.preds().toDoubleArray());
                l.fit(FitOptions.of(1).train(false));
                after.add(l.preds().toDoubleArray());
            }
        });
        assertThat(after).hasSameSizeAs(before).hasSize(3);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isEqualTo(before.get(i));
        }
    }
}
