package io.miniai.serve;

import static io.miniai.nn.Layers.conv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.miniai.data.DataLoader;
import io.miniai.data.ImageDataset;
import io.miniai.data.fault.DataException;
import io.miniai.data.image.ImageFormat;
import io.miniai.data.image.ImagePixels;
import io.miniai.data.image.PngEncoder;
import io.miniai.data.store.Limits;
import io.miniai.file.FileException;
import io.miniai.nn.Dropout;
import io.miniai.nn.Flatten;
import io.miniai.nn.Init;
import io.miniai.nn.Lambda;
import io.miniai.nn.Linear;
import io.miniai.nn.ModelFile;
import io.miniai.nn.ModelInput;
import io.miniai.nn.ModelNotes;
import io.miniai.nn.Module;
import io.miniai.nn.Sequential;
import io.miniai.tensor.MemoryStats;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.TensorUpdates;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictorTest {
    private static final ImageFormat GREY = new ImageFormat(1, 28, 28);
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");

    private final Module cnn = Cnn.make();
    private final ImageDataset images = Cnn.images(8);
    private final Predictor predictor = Predictor.of(cnn).like(images).build();

    private byte[] png(int i) {
        return new PngEncoder(GREY).encode(images.get(i).pixels(), 0);
    }

    @Test
    void gives_label_and_probabilities_as_the_model_does() {
        float[] expected = Tensor.noGrad(
                        () -> cnn.eval().apply(images.batch(0, 1).x()).softmax(1))
                .toFloatArray();
        Prediction p = predictor.predict(png(0));
        int i = 0;
        for (Map.Entry<String, Double> e : p.probabilities().entrySet()) {
            assertThat(e.getKey()).isEqualTo(NAMES.get(i));
            assertThat(e.getValue()).isCloseTo(expected[i++], within(1e-6));
        }
        assertThat(p.probabilities().values().stream().mapToDouble(d -> d).sum())
                .isCloseTo(1, within(1e-12));
        assertThat(p.probability()).isEqualTo(p.probabilities().get(p.label()));
        assertThat(p.probabilities().values()).allMatch(v -> v <= p.probability());
    }

    @Test
    void takes_tensors_floats_images_bytes_and_files_alike(@TempDir Path dir) throws Exception {
        Path file = Files.write(dir.resolve("ein Bild.png"), png(3));
        Tensor image = images.get(3).image();
        Prediction expected = predictor.predict(image);
        assertThat(predictor.predict(image.unsqueeze(0))).isEqualTo(expected);
        assertThat(predictor.predict(image.toFloatArray())).isEqualTo(expected);
        assertThat(predictor.predict(png(3))).isEqualTo(expected);
        assertThat(predictor.predict(file)).isEqualTo(expected);
        assertThat(predictor.predict(Cnn.buffered(images.get(3), BufferedImage.TYPE_BYTE_GRAY)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 10, 11})
    void takes_grey_pixels_out_of_every_type_of_image_unchanged(int type) {
        Prediction expected = predictor.predict(png(2));
        assertThat(predictor.predict(Cnn.buffered(images.get(2), type))).isEqualTo(expected);
    }

    @Test
    void resizes_images_of_another_size_when_asked_to(@TempDir Path dir) throws Exception {
        Predictor any = predictor.resizing();
        Prediction expected = predictor.predict(png(3));
        assertThat(any.predict(png(3))).isEqualTo(expected);

        // Each pixel as four: to shrink it by the mean of neighbours gives a blurred image, not the same.
        BufferedImage small = Cnn.buffered(images.get(3), BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage large = new BufferedImage(56, 84, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 84; y++) {
            for (int x = 0; x < 56; x++) {
                large.setRGB(x, y, 0x10101 * small.getRaster().getSample(x / 2, y / 3, 0));
            }
        }
        byte[] original = new byte[56 * 84];
        ImagePixels.copy(large, new ImageFormat(1, 84, 56), original, 0);
        byte[] scaled = new byte[784];
        ImageFormat model = new ImageFormat(1, 28, 28);
        BilinearResize.apply(original, new ImageFormat(1, 84, 56), scaled, model, 0);
        expected = predictor.predict(new PngEncoder(model).encode(scaled, 0));
        assertThat(any.predict(large)).isEqualTo(expected);
        byte[] png = new PngEncoder(new ImageFormat(1, 84, 56)).encode(original, 0);
        assertThat(any.predict(png)).isEqualTo(expected);
        assertThat(any.predictAll(png(3), png, png(3)))
                .hasSize(3)
                .element(1)
                .satisfies(p -> assertThat(p.label()).isEqualTo(any.predict(png).label()));
        assertThat(any.predict(Files.write(dir.resolve("large.png"), png))).isEqualTo(expected);
    }

    @Test
    void takes_batches_of_everything(@TempDir Path dir) throws Exception {
        List<Prediction> expected = predictor.predictAll(images.batch(0, 3).x());
        Path[] files = new Path[3];
        byte[][] pngs = new byte[3][];
        float[][] floats = new float[3][];
        BufferedImage[] buffered = new BufferedImage[3];
        for (int i = 0; i < 3; i++) {
            pngs[i] = png(i);
            files[i] = Files.write(dir.resolve(i + ".png"), pngs[i]);
            floats[i] = images.get(i).image().toFloatArray();
            buffered[i] = Cnn.buffered(images.get(i), BufferedImage.TYPE_BYTE_GRAY);
        }
        assertThat(expected).hasSize(3);
        assertThat(predictor.predictAll(files)).isEqualTo(expected);
        assertThat(predictor.predictAll(pngs)).isEqualTo(expected);
        assertThat(predictor.predictAll(floats)).isEqualTo(expected);
        assertThat(predictor.predictAll(buffered)).isEqualTo(expected);
        assertThat(predictor.predictAll(new Path[0])).isEmpty();
    }

    @Test
    void normalises_as_a_loader_does() {
        double[] mean = {0.25};
        double[] std = {0.5};
        Predictor normalised = Predictor.of(cnn)
                .input(ModelInput.of(1, 28, 28).normalized(mean, std))
                .classes(NAMES)
                .build();
        try (DataLoader loader =
                DataLoader.of(images).batchSize(8).normalize(mean, std).build()) {
            List<Prediction> expected =
                    predictor.predictAll(loader.iterator().next().x());
            byte[][] pngs = new byte[8][];
            for (int i = 0; i < 8; i++) {
                pngs[i] = png(i);
            }
            assertThat(normalised.predictAll(pngs)).isEqualTo(expected);
        }
        float[] ours = {1};
        new InputScale(ModelInput.of(1).normalized(mean, std)).apply(ours);
        assertThat(ours).containsExactly(1.5f);
    }

    @Test
    void is_a_snapshot_that_later_training_does_not_change() {
        Prediction before = predictor.predict(png(0));
        cnn.train();
        cnn.parameters().forEach(p -> TensorUpdates.assign(p, Tensor.zerosLike(p)));
        assertThat(predictor.predict(png(0))).isEqualTo(before);
    }

    @Test
    void predicts_in_evaluation_mode_and_leaves_the_mode_of_the_model() {
        Module model = Sequential.of(new Dropout(0.5), new Lambda("twice", x -> x.mul(2)), new Linear(4, 2));
        Predictor p = Predictor.of(model).input(4).build();
        assertThat(model.training()).isTrue();
        assertThat(p.predict(1, 2, 3, 4)).isEqualTo(p.predict(1, 2, 3, 4));
        assertThat(p.classes()).containsExactly("0", "1");
    }

    @Test
    void makes_the_same_models_afterwards_as_if_it_had_not_copied_one() {
        Init.seed(5);
        float[] expected = new Linear(3, 3).weight().toFloatArray();
        Init.seed(5);
        Predictor.of(cnn).like(images).build();
        assertThat(new Linear(3, 3).weight().toFloatArray()).containsExactly(expected);
    }

    @Test
    void saves_and_loads_with_classes_and_input_in_the_file(@TempDir Path dir) {
        Path file = dir.resolve("cnn.safetensors");
        Predictor saved = Predictor.of(cnn)
                .input(ModelInput.of(1, 28, 28).normalized(new double[] {0.2860}, new double[] {0.3530}))
                .classes(NAMES)
                .build();
        saved.save(file);
        Predictor loaded = Predictor.load(file);
        assertThat(loaded.classes()).isEqualTo(NAMES);
        assertThat(loaded.input()).isEqualTo(saved.input());
        assertThat(loaded.predict(png(1))).isEqualTo(saved.predict(png(1)));
    }

    @Test
    void throws_when_a_file_does_not_say_what_the_input_is_or_says_something_else(@TempDir Path dir) {
        Path plain = dir.resolve("plain.safetensors");
        ModelFile.save(cnn, plain);
        assertThatThrownBy(() -> Predictor.load(plain))
                .isInstanceOf(FileException.class)
                .hasMessage(
                        plain + ": expected a model file that says what its input is; this one does not. Save it with"
                                + " ModelNotes.input, or use Predictor.of(ModelFile.load(path)).input(…).");
        Path wrong = dir.resolve("wrong.safetensors");
        ModelFile.save(
                cnn, wrong, ModelNotes.none().input(ModelInput.of(1, 28, 28)).classes(List.of("a", "b")));
        assertThatThrownBy(() -> Predictor.load(wrong))
                .isInstanceOf(FileException.class)
                .hasMessage(
                        wrong + ": model, input and classes do not fit together: Expected 10 different class names, as"
                                + " many as the model has outputs; got [a, b].");
    }

    @Test
    void throws_when_it_cannot_be_built() {
        assertThatThrownBy(() -> Predictor.of(cnn).build())
                .hasMessage("A Predictor needs to know what a sample is. Fix: .input(1, 28, 28), or .like(images).");
        assertThatThrownBy(() ->
                        Predictor.of(Sequential.of(conv(1, 4))).input(1, 28, 28).build())
                .hasMessage(
                        "Expected a model that gives one row of outputs for each sample, [N, classes]; got [1, 4, 14, 14]"
                                + " for one sample [1, 28, 28]. Fix: end it with Flatten.");
        assertThatThrownBy(() -> Predictor.of(cnn).input(3, 28, 28).build())
                .hasMessageContaining("layer 0.0 Conv2d(1→4");
        assertThatThrownBy(() -> ModelInput.of(2, 4).normalized(new double[1], new double[] {1}))
                .hasMessage("Expected a mean and a std for each of 2 channels; got [0.0] and [1.0].");
        assertThatThrownBy(() -> ModelInput.of(1, 4).normalized(new double[1], new double[] {0}))
                .hasMessage("Expected finite means, and stds above 0; got [0.0] and [0.0].");
        assertThatThrownBy(() -> ModelInput.of())
                .hasMessage("Expected the shape of one sample, such as [1, 28, 28]; got [].");
    }

    @Test
    void throws_when_a_sample_does_not_fit(@TempDir Path dir) throws Exception {
        BufferedImage large = new BufferedImage(30, 29, BufferedImage.TYPE_BYTE_GRAY);
        assertThatThrownBy(() -> predictor.predict(large))
                .hasMessage("image 0: expected 28×28 pixels, which the model takes; got 29×30."
                        + " Resize it, or let the predictor do so: predictor.resizing().");
        assertThatThrownBy(() -> predictor.predict(1, 2, 3))
                .hasMessage("Expected 784 values for a sample [1, 28, 28]; got 3.");
        assertThatThrownBy(() -> predictor.predict(Tensor.zeros(7, 112)))
                .hasMessage("Expected a batch of samples [1, 28, 28], so [N, 1, 28, 28]; got [7, 112].");
        assertThatThrownBy(() -> predictor.predict(Tensor.zeros(3, 1, 28, 28)))
                .hasMessage("Expected one sample [1, 28, 28]; got [3, 1, 28, 28]. Fix: predictAll(batch) for several.");
        assertThatThrownBy(() -> predictor.predictAll(Tensor.zeros(5, 784)))
                .hasMessage("Expected a batch of samples [1, 28, 28], so [N, 1, 28, 28]; got [5, 784].");
        assertThatThrownBy(() -> Predictor.of(new Linear(4, 2)).input(4).build().predict(large))
                .hasMessage(
                        "Expected a model of images [1, H, W] or [3, H, W]; this one takes [4]. Fix: predict tensors or"
                                + " floats.");
        Path text = Files.writeString(dir.resolve("a.png"), "no image");
        assertThatThrownBy(() -> predictor.predict(text))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(text + ": expected a PNG image");
        assertThatThrownBy(() -> predictor.predict(dir.resolve("b.png")))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(dir.resolve("b.png") + ": no such file");
        assertThatThrownBy(() -> predictor.predict(new byte[] {1, 2}))
                .hasMessage(
                        "image 0: expected a PNG image, the content is something else. Convert it to PNG or remove it.");
    }

    @Test
    void throws_instead_of_giving_probabilities_that_are_no_numbers() {
        float[] nan = new float[784];
        nan[5] = Float.NaN;
        assertThatThrownBy(() -> predictor.predict(nan))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage(
                        "The model gives NaN for a. Fix: check that the sample has no NaN or infinite values, and the"
                                + " model no such weights.");
        assertThat(predictor.predict(new float[784]).probability()).isBetween(0.0, 1.0);
    }

    @Test
    void keeps_probabilities_right_for_very_confident_models() {
        Module sure = Sequential.of(new Flatten(), new Lambda("sure", x -> x.mul(1000)));
        Prediction p = Predictor.of(sure).input(2).build().predict(3, -5);
        assertThat(p.probability()).isEqualTo(1);
        assertThat(p.probabilities().get("1")).isZero();
    }

    @Test
    void takes_no_native_memory_from_the_system_for_each_call() {
        byte[] png = png(0);
        for (int i = 0; i < 20; i++) {
            predictor.predict(png);
        }
        MemoryStats before = MemoryStats.now();
        for (int i = 0; i < 500; i++) {
            predictor.predict(png);
        }
        MemoryStats after = MemoryStats.now();
        assertThat(after.allocations()).isEqualTo(before.allocations());
        assertThat(after.reuses()).isGreaterThan(before.reuses() + 500);
        assertThat(after.inUse()).isLessThanOrEqualTo(before.inUse());
    }

    @Test
    void copies_custom_modules_by_a_factory(@TempDir Path dir) {
        final class Twice extends Module {
            @Override
            protected Tensor forward(Tensor x) {
                return x.mul(2);
            }
        }
        Module model = Sequential.of(new Twice(), new Linear(2, 2, true, Rng.of(1)));
        assertThatThrownBy(() -> Predictor.of(model).input(2).build())
                .hasMessageContaining("which miniai cannot make by itself");
        Predictor p = Predictor.of(model, Map.of(Twice.class, layer -> new Twice()))
                .input(2)
                .build();
        float[] outputs =
                model.apply(Tensor.of(new float[] {1, 2}, 1, 2)).softmax(1).toFloatArray();
        assertThat(p.predict(1, 2).probabilities().get("1")).isCloseTo(outputs[1], within(1e-6));
        Path file = dir.resolve("twice.safetensors");
        p.save(file);
        assertThat(Predictor.load(file, Map.of(Twice.class, layer -> new Twice()))
                        .predict(1, 2))
                .isEqualTo(p.predict(1, 2));
    }

    @Test
    void throws_when_the_model_does_not_give_one_row_for_each_sample() {
        Predictor mixing = Predictor.of(new Lambda("mix", x -> x.size(0) > 1 ? x.slice(0, 0, 1) : x))
                .input(2)
                .build();
        assertThatThrownBy(() -> mixing.predictAll(Tensor.zeros(3, 2)))
                .hasMessage("Expected 2 outputs for each of 3 samples; the model gave 2 in all.");
    }

    @Test
    void refuses_images_beyond_its_limits(@TempDir Path dir) throws Exception {
        Predictor careful = predictor.resizing().limits(new Limits(1, 1_000, 1_000, 1_000));
        byte[] large = new PngEncoder(new ImageFormat(1, 40, 40)).encode(new byte[1_600], 0);
        assertThatThrownBy(() -> careful.predict(large))
                .isInstanceOf(DataException.class)
                .hasMessage("image 0: the image has 40×40 pixels, more than the limit of 1000. Shrink it, or raise"
                        + " Limits.maxPixels.");
        Path file = Files.write(dir.resolve("large.png"), new byte[1_001]);
        assertThatThrownBy(() -> careful.predict(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": has 1001 bytes, more than the limit of 1000.");
        assertThat(careful.predict(png(3))).isEqualTo(predictor.predict(png(3)));
    }
}
