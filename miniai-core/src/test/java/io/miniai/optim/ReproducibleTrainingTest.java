package io.miniai.optim;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.nn.Init;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.nn.Module;
import io.miniai.tensor.DType;
import io.miniai.tensor.Tensor;
import io.miniai.testing.LessonImages;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The build runs this with other numbers of kernel threads, and on the portable kernels, too. */
class ReproducibleTrainingTest {
    private static final int STEPS = 10;
    private static final int BATCH = 64;
    private final LessonImages images = new LessonImages();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_same_start_and_batches_give_the_same_weights_bit_for_bit(boolean classifier) {
        int[] first = train(classifier);

        assertThat(train(classifier)).isEqualTo(first);
    }

    private int[] train(boolean classifier) {
        Init.seed(5);
        Supplier<Module> net = classifier ? Models::cnn : Models::autoencoder;
        Module model = net.get();
        Optimizer optimizer = new AdamW(model.parameters(), 0.003);
        for (int step = 0; step < STEPS; step++) {
            Tensor x = images.batch(step, BATCH, DType.FLOAT32);
            Tensor out = model.apply(x);
            (classifier ? Losses.crossEntropy(out, images.labels(step, BATCH)) : Losses.mse(out, x)).backward();
            optimizer.step();
            optimizer.zeroGrad();
        }
        return model.parameters().stream()
                .map(Tensor::toFloatArray)
                .flatMapToInt(w -> IntStream.range(0, w.length).map(i -> Float.floatToRawIntBits(w[i])))
                .toArray();
    }
}
