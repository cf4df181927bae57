package io.miniai.learn;

import io.miniai.file.FileException;
import io.miniai.file.Json;
import io.miniai.file.JsonObject;
import io.miniai.file.Safetensors;
import io.miniai.nn.ModelFile;
import io.miniai.optim.Optimizer;
import io.miniai.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running fit in a file, for {@link Learner#resume} to go on with exactly: the weights will be those, to the bit, of
 * the fit that was never stopped.
 *
 * <p>The file is a model file, too ({@link ModelFile}). Beside the model it holds gradients that were not forgotten yet,
 * the state of the optimizer, of random generators, of the loaders and of {@linkplain StatefulCallback callbacks}, the
 * history, and what the fit was set up with, to compare. Tensors that are not the model's have names that begin with a
 * dot.
 */
public final class Checkpoint {
    private static final String KEY = "miniai.checkpoint";
    private static final int VERSION = 1;

    private final String file;
    private final JsonObject json;
    private final Map<String, Tensor> tensors;
    private final Position position;

    private Checkpoint(String file, JsonObject json, Map<String, Tensor> tensors) {
        this.file = file;
        this.json = json;
        this.tensors = tensors;
        JsonObject at = json.object("position");
        this.position = new Position(at.count("epoch"), at.count("batches"), at.flag("in pass"));
    }

    // ---- saving ---------------------------------------------------------------------------------

    /**
     * Saves the running fit as a whole or not at all, from {@code cleanupBatch} of a training batch or {@code
     * cleanupEpoch} of the last pass of an epoch, after all other callbacks: {@code CheckpointCB} does it.
     *
     * @throws FileException when it cannot be written; an old file is still there then
     * @throws IllegalStateException at another moment
     */
    public static void save(Learner learn, Path file) {
        Run run = learn.run();
        SavedFit saved = new SavedFit(learn, run, Position.after(run));
        Map<String, String> metadata = ModelFile.metadata(learn.model(), FitNotes.of(learn));
        metadata.put(KEY, Json.write(saved.values(VERSION)));
        Safetensors.write(file, saved.tensors(), metadata);
    }

    // ---- going on -------------------------------------------------------------------------------

    /** @throws FileException when it is no checkpoint */
    static Checkpoint read(Path path) {
        Safetensors content = Safetensors.read(path);
        String text = content.metadata().get(KEY);
        String file = path.toString();
        if (text == null) {
            throw new FileException(
                    file,
                    "expected a checkpoint; got a file without one. Fix: resume from a file that"
                            + " CheckpointCB wrote, or load the weights alone: ModelFile.loadInto(model, path).");
        }
        try {
            JsonObject json = Json.parse(text);
            json.integer("version", VERSION, VERSION);
            return new Checkpoint(file, json, content.tensors());
        } catch (IllegalArgumentException e) {
            throw damaged(file, e);
        }
    }

    private static FileException damaged(String file, IllegalArgumentException e) {
        return new FileException(
                file, "the checkpoint is damaged, or of another version of miniai: " + e.getMessage() + ".", e);
    }

    Position position() {
        return position;
    }

    /** The fit it was saved in, without its callbacks. */
    FitOptions options() {
        try {
            JsonObject o = json.object("options");
            FitOptions options =
                    FitOptions.of(o.count("epochs")).train(o.flag("train")).valid(o.flag("valid"));
            return o.has("lr") ? options.lr(o.number("lr")) : options;
        } catch (IllegalArgumentException e) {
            throw damaged(file, e);
        }
    }

    /** @throws FileException when something is not as it was; the message lists all of it */
    void requireSame(Learner learn, Run run) {
        try {
            List<String> differences = new Comparison(json, tensors).with(learn, run);
            if (!differences.isEmpty()) {
                throw new FileException(
                        file,
                        "cannot be resumed here, because something is not as it was: "
                                + String.join("; ", differences)
                                + ". Fix: resume with what it was saved with, or start anew with its weights:"
                                + " ModelFile.loadInto(model, path).");
            }
        } catch (IllegalArgumentException e) {
            throw damaged(file, e);
        }
    }

    /** Puts everything back but the position in the data. */
    void restore(Learner learn, Run run) {
        try {
            restoreModel(learn);
            restoreOptimizer(run.optimizer());
            learn.history().replace(SavedFit.history(json.objects("history")));
            restoreCallbacks(run);
        } catch (IllegalArgumentException e) {
            throw damaged(file, e);
        }
    }

    private void restoreModel(Learner learn) {
        Map<String, Tensor> state = new LinkedHashMap<>(tensors);
        state.keySet().removeIf(name -> name.startsWith("."));
        learn.model().load(state);
        List<String> frozen = json.texts("frozen");
        learn.model().namedParameters().forEach((name, p) -> {
            Tensor gradient = tensors.get(SavedFit.GRADIENT + name);
            p.zeroGrad();
            if (gradient != null) {
                p.requiresGrad(true).backward(gradient);
            }
            p.requiresGrad(!frozen.contains(name));
        });
        JsonObject random = json.object("random");
        SavedFit.generators(learn.model())
                .forEach((path, rng) -> rng.state(random.integer(path, Long.MIN_VALUE, Long.MAX_VALUE)));
    }

    private void restoreOptimizer(@Nullable Optimizer optimizer) {
        if (optimizer != null) {
            optimizer.load(below(SavedFit.OPTIMIZER));
            optimizer.lr(json.object("optimizer").number("lr"));
        }
    }

    private void restoreCallbacks(Run run) {
        JsonObject saved = json.object("callbacks");
        SavedFit.stateful(run).forEach((name, callback) -> {
            if (saved.has(name)) {
                callback.restoreState(saved.object(name), below(SavedFit.callbackPrefix(name)));
            }
        });
    }

    private Map<String, Tensor> below(String prefix) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        tensors.forEach((name, t) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), t);
            }
        });
        return found;
    }

    /** Sets the loaders to where they were; the pass that is taken up in its middle begins with another call. */
    void restoreLoaders(Learner learn) {
        JsonObject loaders = json.object("loaders");
        nextEpoch(learn.dls().train(), "train", loaders);
        nextEpoch(learn.dls().valid(), "valid", loaders);
    }

    private static void nextEpoch(@Nullable Batches batches, String key, JsonObject loaders) {
        if (batches instanceof ResumableBatches r && loaders.has(key)) {
            r.nextEpoch(loaders.integer(key, 0, Long.MAX_VALUE));
        }
    }

    /** The number that the loader had given to the pass that is taken up in its middle; −1 when it had none. */
    long runningEpoch() {
        return json.object("loaders").integer("running", -1, Long.MAX_VALUE);
    }

    /** What went wrong with its file. */
    FileException failure(String text) {
        return new FileException(file, text);
    }
}
