package io.miniai.nn;

import static io.miniai.nn.Layers.conv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.file.FileException;
import io.miniai.file.Safetensors;
import io.miniai.tensor.DType;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {
    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("model.safetensors");
    }

    // ---- a file alone ----------------------------------------------------------------------------

    static Stream<Module> models() {
        Window unusual = new Window(3, 2, 2, 1, 1, 0, 1, 2);
        return Stream.of(
                Models.cnn(),
                Models.mlp(),
                Models.autoencoder(),
                Models.smallAutoencoder(),
                Sequential.of(),
                new Linear(3, 2, false),
                Sequential.of(
                        new Conv2d(1, 2, unusual, false),
                        new Tanh(),
                        new MaxPool2d(Window.of(3).withStride(1).withPadding(1)),
                        new AvgPool2d(2),
                        new ZeroPad2d(1, -1, 2, 0),
                        new Identity(),
                        new UpsampleNearest2d(3),
                        new GlobalAvgPool2d(),
                        Sequential.of(Sequential.of(new Dropout(0.25), new Linear(2, 2), new Sigmoid()))));
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_file_alone_restores_a_model_of_shipped_layers(Module model) {
        ModelFile.save(model, file);
        Module again = ModelFile.load(file);
        assertThat(again.toString()).isEqualTo(model.toString());
        assertSameState(again, model);
        assertThat(again.training()).isFalse();
    }

    @Test
    void a_restored_model_gives_the_same_to_the_bit() {
        Module cnn = Models.cnn().eval();
        ModelFile.save(cnn, file);
        Tensor x = Tensor.randn(Rng.of(1), 5, 1, 28, 28);
        assertThat(ModelFile.load(file).apply(x).toFloatArray())
                .isEqualTo(cnn.apply(x).toFloatArray());
    }

    @Test
    void restores_from_memory_too() throws IOException {
        Module mlp = Models.mlp();
        ModelFile.save(mlp, file);
        assertSameState(ModelFile.load(Files.readAllBytes(file), "mlp"), mlp);
    }

    @Test
    void a_module_that_is_there_twice_is_one_module_again() {
        Linear shared = new Linear(2, 2);
        ModelFile.save(Sequential.of(shared, new ReLU(), shared), file);
        Module again = ModelFile.load(file);
        assertThat(again.get(2)).isSameAs(again.get(0));
        assertThat(again.state()).containsOnlyKeys("0.weight", "0.bias");
    }

    @Test
    void loading_leaves_alone_what_the_next_new_model_starts_with() {
        Init.seed(5);
        Models.cnn();
        float[] expected = new Linear(3, 3).weight().toFloatArray();
        Init.seed(5);
        Module cnn = Models.cnn();
        ModelFile.save(cnn, file);
        ModelFile.load(file);
        assertThat(new Linear(3, 3).weight().toFloatArray()).isEqualTo(expected);
        Init.seed(0);
    }

    // ---- custom modules --------------------------------------------------------------------------

    static final class Residual extends Module implements Configured {
        private final Module body;
        private final double scale;

        Residual(Module body, double scale) {
            this.body = child("body", body);
            this.scale = scale;
            buffer("mean", Tensor.ones(3));
        }

        @Override
        protected Tensor forward(Tensor x) {
            return x.add(body.apply(x).mul(scale)).sub(buffer("mean"));
        }

        void mean(Tensor t) {
            buffer("mean", t);
        }

        @Override
        public Map<String, Object> settings() {
            return Map.of("scale", scale);
        }
    }

    @Test
    void custom_modules_are_restored_by_a_factory() {
        Residual residual = new Residual(new Linear(3, 3), 0.1);
        residual.mean(Tensor.of(new float[] {1, 2, 3}, 3));
        Module model =
                Sequential.of(residual, new Lambda("square", Tensor::square)).eval();
        ModelFile.save(model, file);
        Module again = ModelFile.load(
                file,
                Map.of(
                        Residual.class,
                        layer -> new Residual(
                                layer.child("body"), layer.settings().number("scale")),
                        Lambda.class,
                        layer -> new Lambda(layer.settings().text("name"), Tensor::square)));
        Tensor x = Tensor.randn(Rng.of(1), 2, 3);
        assertThat(again.apply(x).toFloatArray()).isEqualTo(model.apply(x).toFloatArray());
        assertThat(again.buffer("0.mean").toFloatArray()).containsExactly(1, 2, 3);
    }

    @Test
    void says_which_custom_module_needs_a_factory() {
        ModelFile.save(Sequential.of(new ReLU(), new Residual(new Linear(3, 3), 0.1)), file);
        assertThatThrownBy(() -> ModelFile.load(file))
                .isInstanceOf(FileException.class)
                .hasMessage(
                        file + ": the model cannot be made: '1' is a io.miniai.nn.ModelFileTest$Residual, which miniai"
                                + " cannot make by itself. Give a factory for it, Map.of(Residual.class, layer -> …) as the last argument,"
                                + " or load into a model of your own: loadInto.");
    }

    // ---- into a model ----------------------------------------------------------------------------

    @Test
    void loads_what_pytorch_saved_into_a_model() {
        // As torch.nn.Sequential(Conv2d(1, 4, 3), …) names them; no text of miniai's.
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put("0.0.weight", Tensor.randn(Rng.of(1), 4, 1, 3, 3));
        state.put("0.0.bias", Tensor.randn(Rng.of(2), 4));
        Safetensors.write(file, state, Map.of("format", "pt"));
        Module model = Sequential.of(conv(1, 4));
        ModelFile.loadInto(model, file);
        state.forEach(
                (name, t) -> assertThat(model.parameter(name).toFloatArray()).isEqualTo(t.toFloatArray()));
        assertThatThrownBy(() -> ModelFile.load(file))
                .isInstanceOf(FileException.class)
                .hasMessage(
                        file + ": expected a model that miniai saved; got tensors without an architecture. Load them"
                                + " into a model: ModelFile.loadInto(model, path).");
    }

    @Test
    void a_mismatch_lists_everything_at_once_and_changes_nothing() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put("0.weight", Tensor.zeros(2, 4));
        state.put("0.bias", Tensor.zeros(DType.FLOAT64, 2));
        state.put("2.weight", Tensor.zeros(1, 2));
        state.put("classes", Tensor.arange(3));
        state.put("head.bias", Tensor.zeros(1));
        Safetensors.write(file, state, Map.of());
        Module model = Sequential.of(new Linear(3, 2), new ReLU(), new Linear(2, 1));
        float[] before = model.parameter("2.weight").toFloatArray();
        assertThatThrownBy(() -> ModelFile.loadInto(model, file))
                .isInstanceOf(FileException.class)
                .hasMessage(
                        file + ": expected the state of this model; missing: 2.bias FLOAT32 [1]; unexpected: classes"
                                + " INT64 [3], head.bias FLOAT32 [1]; different: 0.weight: expected FLOAT32 [2, 3], got FLOAT32"
                                + " [2, 4], 0.bias: expected FLOAT32 [2], got FLOAT64 [2]. Use the model it was saved from, or"
                                + " loadMatching, which takes over what fits.");
        assertThat(model.parameter("2.weight").toFloatArray()).isEqualTo(before);
    }

    @Test
    void lenient_loading_takes_over_what_fits_and_says_what_does_not() {
        Module model = Sequential.of(new Linear(3, 2), new ReLU(), new Linear(2, 1));
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put("0.weight", Tensor.ones(2, 4));
        state.put("0.bias", Tensor.full(DType.FLOAT64, 3, 2));
        state.put("other", Tensor.ones(1));
        Safetensors.write(file, state, Map.of());
        float[] before = model.parameter("0.weight").toFloatArray();
        StateMismatch mismatch = ModelFile.loadMatching(model, file);
        assertThat(model.parameter("0.bias").toFloatArray()).containsExactly(3, 3);
        assertThat(model.parameter("0.weight").toFloatArray()).isEqualTo(before);
        assertThat(mismatch.missing()).containsExactly("2.weight FLOAT32 [1, 2]", "2.bias FLOAT32 [1]");
        assertThat(mismatch.unexpected()).containsExactly("other FLOAT32 [1]");
        assertThat(mismatch.different()).containsExactly("0.weight: expected FLOAT32 [2, 3], got FLOAT32 [2, 4]");
        assertThat(mismatch.isEmpty()).isFalse();
    }

    @Test
    void a_buffer_that_somebody_holds_does_not_change() {
        Residual residual = new Residual(new Linear(3, 3), 0.1);
        Tensor held = residual.buffer("mean");
        Map<String, Tensor> state = new LinkedHashMap<>(residual.state());
        state.put("mean", Tensor.zeros(3));
        residual.load(state);
        assertThat(held.toFloatArray()).containsExactly(1, 1, 1);
        assertThat(residual.buffer("mean").toFloatArray()).containsExactly(0, 0, 0);
    }

    // ---- what it says of itself ------------------------------------------------------------------

    @Test
    void a_file_says_where_its_model_comes_from() {
        ModelFile.save(
                Models.mlp(),
                file,
                ModelNotes.none()
                        .data("fashion-mnist sample")
                        .seed(42)
                        .hyperparameter("lr", 0.4)
                        .hyperparameter("optimizer", "SGD")
                        .metric("accuracy", 0.84)
                        .metric("loss", Double.NaN)
                        .text("classes", "shirt,coat"));
        ModelInfo info = ModelFile.info(file);
        assertThat(info.data()).contains("fashion-mnist sample");
        assertThat(info.seed()).contains("42");
        assertThat(info.hyperparameter("lr")).contains("0.4");
        assertThat(info.hyperparameter("optimizer")).contains("SGD");
        assertThat(info.hyperparameter("momentum")).isEmpty();
        assertThat(info.metrics()).containsEntry("accuracy", 0.84).containsEntry("loss", Double.NaN);
        assertThat(info.text("classes")).contains("shirt,coat");
        assertThat(info.libraryVersion()).isPresent();
        assertThat(info.date().orElseThrow()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(info.architecture().orElseThrow())
                .isEqualTo("{\"type\":\"Sequential\",\"children\":{\"0\":{\"type\":\"Flatten\"},"
                        + "\"1\":{\"type\":\"Linear\",\"settings\":{\"in\":784,\"out\":50,\"bias\":true}},"
                        + "\"2\":{\"type\":\"ReLU\"},"
                        + "\"3\":{\"type\":\"Linear\",\"settings\":{\"in\":50,\"out\":10,\"bias\":true}}}}");
        assertThatThrownBy(() -> info.metadata().put("x", "y")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void keys_that_miniai_uses_are_not_for_notes() {
        assertThatThrownBy(() -> ModelNotes.none().text("miniai.seed", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected a key of your own; got 'miniai.seed', which miniai uses. Use another.");
    }

    // ---- hostile descriptions --------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[1]",
                "{'type':'Linear'}",
                "{'type':'Linear','settings':{'in':2147483647,'out':2147483647,'bias':true}}",
                "{'type':'Linear','settings':{'in':0,'out':-1,'bias':true}}",
                "{'type':'Linear','settings':{'in':2,'out':1,'bias':'yes'}}",
                "{'type':'Conv2d','settings':{'in':2,'out':1,'bias':true,'window':[65536,65536,1,1,0,0,1,1]}}",
                "{'type':'Conv2d','settings':{'in':2,'out':1,'bias':true,'window':[0,0,0,0,0,0,0,0]}}",
                "{'type':'Conv2d','settings':{'in':2,'out':1,'bias':true,'window':[1,1]}}",
                "{'type':'Dropout','settings':{'p':1.5}}",
                "{'type':'Sequential','children':{'0':{'same':''}}}",
                "{'type':'Sequential','children':{'0':{'same':'7'}}}",
                "{'type':'Sequential','children':[]}",
                "{'type':'Sequential','children':{'0':{'type':'Linear','settings':{'in':2,'out':1,'bias':true}}}}",
                "{'type':'java.lang.ProcessBuilder'}",
                "{'type':'UpsampleNearest2d','settings':{'scale':2}}",
            })
    void a_description_that_does_not_go_with_the_tensors_is_refused(String architecture) {
        Map<String, Tensor> state = Map.of("weight", Tensor.ones(1, 2), "bias", Tensor.ones(1));
        Safetensors.write(file, state, Map.of("miniai.architecture", architecture.replace('\'', '"')));
        assertThatThrownBy(() -> ModelFile.load(file))
                .isInstanceOf(FileException.class)
                .hasMessageStartingWith(file + ": the model cannot be made: ");
    }

    @Test
    void says_which_tensor_the_architecture_expects_in_another_shape() {
        String json = "{\"type\":\"Linear\",\"settings\":{\"in\":2000000000,\"out\":1,\"bias\":true}}";
        Safetensors.write(file, Map.of("weight", Tensor.ones(1, 2)), Map.of("miniai.architecture", json));
        assertThatThrownBy(() -> ModelFile.load(file))
                .hasMessage(file + ": the model cannot be made: expected a tensor 'weight' [1, 2000000000] by the"
                        + " architecture; got [1, 2].");
    }

    @Test
    void modules_nested_deeper_than_can_be_read_are_not_saved() {
        Module deep = Sequential.of(new ReLU());
        for (int i = 0; i < 1_000; i++) {
            deep = Sequential.of(deep);
        }
        Module model = deep;
        assertThatThrownBy(() -> ModelFile.save(model, file)).isInstanceOf(IllegalArgumentException.class);
        assertThat(file).doesNotExist();
    }

    private static void assertSameState(Module got, Module expected) {
        assertThat(got.state().keySet())
                .containsExactlyElementsOf(expected.state().keySet());
        expected.state()
                .forEach((name, t) -> assertThat(got.state().get(name).toFloatArray())
                        .as(name)
                        .isEqualTo(t.toFloatArray()));
    }

    @Test
    void says_what_is_damaged_in_the_text_of_a_file() {
        assertThatThrownBy(() -> ModelFile.info(with(ModelNotes.METRICS, "{\"accuracy\":\"good\"}"))
                        .metrics())
                .isInstanceOf(FileException.class)
                .hasMessageContaining(": its metrics are damaged: expected a number at accuracy; got \"good\".");
        assertThatThrownBy(() -> ModelFile.info(with(ModelNotes.METRICS, "?")).metrics())
                .isInstanceOf(FileException.class)
                .hasMessageContaining(": its metadata 'miniai.metrics' is damaged: expected JSON; got ");
        assertThatThrownBy(() -> ModelFile.info(with(ModelNotes.INPUT, "{}")).input())
                .isInstanceOf(FileException.class)
                .hasMessageContaining(
                        ": its input are damaged: expected a whole number from 1 to 8 at rank; got nothing.");
        String twice = "{\"type\":\"Sequential\",\"children\":{\"0\":{\"same\":\"7\"}}}";
        assertThatThrownBy(() -> ModelFile.load(with(ModelFile.ARCHITECTURE, twice)))
                .isInstanceOf(FileException.class)
                .hasMessageContaining(
                        "the model cannot be made: expected a module at '7', which '0' is again; got none");
    }

    private Path with(String key, String text) {
        Path file = dir.resolve("changed.safetensors");
        Safetensors.write(file, Map.of("0.weight", Tensor.ones(2, 2)), Map.of(key, text));
        return file;
    }
}
