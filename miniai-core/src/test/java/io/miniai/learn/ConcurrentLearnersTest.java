package io.miniai.learn;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.nn.Dropout;
import io.miniai.nn.Flatten;
import io.miniai.nn.Init;
import io.miniai.nn.Losses;
import io.miniai.nn.Sequential;
import io.miniai.optim.AdamW;
import io.miniai.optim.SGD;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConcurrentLearnersTest {
    private static final int LEARNERS = 6;

    private static List<Batch> batches(int seed) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long[] labels = new long[16];
            for (int k = 0; k < labels.length; k++) {
                labels[k] = ((long) seed + i + k) % 10;
            }
            batches.add(new Batch(Tensor.rand(Rng.of(seed, i), 16, 1, 28, 28), Tensor.of(labels, 16)));
        }
        return batches;
    }

    /** The losses and weights of a training that depends on its number only. */
    private static List<float[]> train(int number) {
        Init.seed(number);
        var cnn = Sequential.of(
                conv(1, 4),
                conv(4, 8),
                new Dropout(0.1),
                conv(8, 16),
                conv(16, 16),
                conv(16, 10, act(false)),
                new Flatten());
        List<Batch> data = batches(number);
        List<float[]> result = new ArrayList<>();
        Learner.of(cnn, TrainValid.of(data, data))
                .loss(Losses::crossEntropy)
                .optimizer(number % 2 == 0 ? (p, lr) -> new SGD(p, lr).momentum(0.9) : AdamW::new)
                .lr(0.01)
                .fit(3, new Callback() {
                    @Override
                    public void afterLoss(Learner l) {
                        result.add(new float[] {(float) l.lossValue()});
                    }
                });
        cnn.parameters().forEach(p -> result.add(p.toFloatArray()));
        return result;
    }

    @Test
    void learners_in_threads_give_bit_for_bit_what_they_give_one_after_the_other() throws Exception {
        List<List<float[]>> expected = new ArrayList<>();
        for (int i = 0; i < LEARNERS; i++) {
            expected.add(train(i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(LEARNERS);
        try {
            List<Future<List<float[]>>> running = new ArrayList<>();
            for (int i = 0; i < LEARNERS; i++) {
                int number = i;
                running.add(threads.submit(() -> train(number)));
            }
            for (int i = 0; i < LEARNERS; i++) {
                assertThat(running.get(i).get().toArray(float[][]::new))
                        .as("learner %d", i)
                        .isDeepEqualTo(expected.get(i).toArray(float[][]::new));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void an_interrupt_ends_one_fit_and_leaves_the_others_alone() throws Exception {
        List<float[]> expected = train(1);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Throwable> ended = new AtomicReference<>();
        boolean[] flag = new boolean[1];
        Thread victim = new Thread(() -> {
            try {
                Toys.learner(10, 1).fit(1_000_000, new Callback() {
                    @Override
                    public void afterBatch(Learner learn) {
                        begun.countDown();
                    }
                });
            } catch (FitInterruptedException e) {
                ended.set(e);
                flag[0] = Thread.currentThread().isInterrupted();
            }
        });
        victim.start();
        begun.await();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<List<float[]>> running = other.submit(() -> train(1));
            victim.interrupt();
            victim.join(10_000);
            assertThat(victim.isAlive()).isFalse();
            assertThat(ended.get()).isInstanceOf(FitInterruptedException.class).hasMessageContaining("interrupted");
            assertThat(flag[0]).isTrue();
            assertThat(running.get().toArray(float[][]::new)).isDeepEqualTo(expected.toArray(float[][]::new));
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void a_tensor_of_a_step_says_so_when_it_is_used_after_its_memory_was_given_back() {
        List<Tensor> held = new ArrayList<>();
        class Holder implements Callback, Borrows {
            @Override
            public void afterPredict(Learner learn) {
                held.add(learn.preds());
            }
        }
        Toys.learner(3, 1).fit(1, new Holder());
        assertThat(held.get(0).isReleased()).isTrue();
        assertThatThrownBy(() -> held.get(0).toFloatArray())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "This tensor was made inside a training step that has ended, and its memory is in use again."
                                + " Expected: a tensor of the running step, or one that was kept. Fix: call keep() on it inside the"
                                + " step, or read its values there (toFloatArray(), item()).");
    }
}
