package io.miniai.serve;

import io.miniai.data.fault.Faults;
import io.miniai.data.image.ImageFormat;
import io.miniai.data.store.Limits;
import io.miniai.file.FileException;
import io.miniai.nn.ModelFile;
import io.miniai.nn.ModelInfo;
import io.miniai.nn.ModelInput;
import io.miniai.nn.ModelNotes;
import io.miniai.nn.Module;
import io.miniai.nn.ModuleFactory;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Workspace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A trained classifier, ready to be asked from any number of threads at once.
 *
 * <pre>{@code
 * Predictor predictor = Predictor.load(Path.of("cnn.safetensors"));
 * Prediction p = predictor.predict(Path.of("shirt.png"));
 * System.out.println(p.label() + " " + p.probability());
 * }</pre>
 *
 * <p>It holds a copy of the model in evaluation mode, so it never changes. Samples are tensors or floats in the units of
 * the data ({@code 0..1} for images) or images; it normalises them as in training. Nothing is recorded for gradients, and
 * native memory is reused from call to call: a process needs as much as calls run at once.
 *
 * <p>A sample asked for alone and as part of a batch may differ in the last digits, because sums are added up in another
 * order; the same call always gives the same bits.
 */
public final class Predictor {
    private final Module model;
    private final ModelInput input;
    private final InputScale scale;
    private final List<String> classes;
    private final int sampleLength;
    private final boolean resize;
    private final Limits limits;
    private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();

    Predictor(Module model, ModelInput input, List<String> classes, boolean resize, Limits limits) {
        this.model = model;
        this.input = input;
        this.scale = new InputScale(input);
        this.classes = classes;
        this.resize = resize;
        this.limits = limits;
        this.sampleLength = Math.toIntExact(input.sample().numel());
    }

    /** Begins to describe a predictor of a model of layers that ship; {@code Predictor.of(cnn).like(images).build()}. */
    public static PredictorBuilder of(Module model) {
        return of(model, Map.of());
    }

    /** As {@link #of(Module)}; the factories copy custom modules, as in {@link ModelFile#load(Path, Map)}. */
    public static PredictorBuilder of(
            Module model, Map<? extends Class<? extends Module>, ? extends ModuleFactory> factories) {
        return new PredictorBuilder(model, factories);
    }

    /**
     * A predictor of a model file that says what its input and its classes are ({@link ModelNotes#input},
     * {@link ModelNotes#classes}, or {@link #save}).
     *
     * @throws FileException when it cannot be read, or does not say it
     */
    public static Predictor load(Path file) {
        return load(file, Map.of());
    }

    /** As {@link #load(Path)}; the factories make custom modules, as in {@link ModelFile#load(Path, Map)}. */
    public static Predictor load(Path file, Map<? extends Class<? extends Module>, ? extends ModuleFactory> factories) {
        ModelInfo info = ModelFile.info(file);
        ModelInput input = info.input()
                .orElseThrow(() -> new FileException(
                        file.toString(),
                        "expected a model file that says what its input is; this one does not. Save it with"
                                + " ModelNotes.input, or use Predictor.of(ModelFile.load(path)).input(…)."));
        PredictorBuilder builder =
                of(ModelFile.load(file, factories), factories).input(input);
        info.classes().ifPresent(builder::classes);
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new FileException(
                    file.toString(), "model, input and classes do not fit together: " + e.getMessage(), e);
        }
    }

    /**
     * Saves model, input and classes in one file, for {@link #load}.
     *
     * @throws FileException when it cannot be written; an old file is still there then
     */
    public void save(Path file) {
        ModelFile.save(model, file, ModelNotes.none().classes(classes).input(input));
    }

    /**
     * The same predictor, that scales images of another size to the model's instead of refusing them: bilinear, smoothed
     * where they shrink, height and width each by its own factor. Crop them before, if they should keep their proportions.
     */
    public Predictor resizing() {
        return new Predictor(model, input, classes, true, limits);
    }

    /**
     * The same predictor that believes less, or more, of the images it is given: {@link Limits#maxFileBytes} of a file,
     * {@link Limits#maxPixels} of an image. A service that scales images of strangers wants them low: a file of 300 kB
     * may unpack to 64 million pixels, the most unless said otherwise.
     */
    public Predictor limits(Limits changed) {
        return new Predictor(model, input, classes, resize, changed);
    }

    /** The names of the classes, in the order of the model's outputs. */
    public List<String> classes() {
        return classes;
    }

    /** What one sample is. */
    public ModelInput input() {
        return input;
    }

    // ---- one sample -----------------------------------------------------------------------------

    /**
     * Predicts one sample, with or without a first dimension of 1.
     *
     * @throws IllegalArgumentException when it is of another shape
     */
    public Prediction predict(Tensor sample) {
        boolean alone = sample.shape().equals(input.sample());
        if (!alone && sample.numel() != sampleLength) {
            throw new IllegalArgumentException("Expected one sample " + input.sample() + "; got " + sample.shape()
                    + ". Fix: predictAll(batch) for several.");
        }
        return predictAll(alone ? sample.unsqueeze(0) : sample).get(0);
    }

    /** Predicts one sample of values in row-major order. */
    public Prediction predict(float... values) {
        return predictAll(new float[][] {values}).get(0);
    }

    /** Predicts one image. */
    public Prediction predict(BufferedImage image) {
        return predictAll(image).get(0);
    }

    /**
     * Predicts one image in the bytes of a PNG file.
     *
     * @throws io.miniai.data.fault.DataException when it is none, or damaged
     */
    public Prediction predict(byte[] png) {
        return predictAll(new byte[][] {png}).get(0);
    }

    /**
     * Predicts one PNG file.
     *
     * @throws io.miniai.data.fault.DataException when it cannot be read, is no PNG, or damaged
     */
    public Prediction predict(Path png) {
        return predictAll(png).get(0);
    }

    // ---- batches --------------------------------------------------------------------------------

    /**
     * Predicts a batch {@code [N, …]}.
     *
     * @throws IllegalArgumentException when the samples are of another shape
     */
    public List<Prediction> predictAll(Tensor batch) {
        int[] expected = input.sample().toArray();
        int[] got = batch.shape().toArray();
        if (got.length != expected.length + 1 || !Arrays.equals(expected, Arrays.copyOfRange(got, 1, got.length))) {
            throw new IllegalArgumentException("Expected a batch of samples " + input.sample() + ", so [N, "
                    + input.sample().toString().substring(1) + "; got " + batch.shape() + ".");
        }
        float[] values = batch.toFloatArray();
        return run(got[0], s -> {
            scale.apply(values);
            return values;
        });
    }

    /**
     * Predicts samples of values in row-major order.
     *
     * @throws IllegalArgumentException when one has another number of values
     */
    public List<Prediction> predictAll(float[]... samples) {
        return run(samples.length, s -> {
            float[] values = s.values(samples.length * sampleLength);
            for (int i = 0; i < samples.length; i++) {
                if (samples[i].length != sampleLength) {
                    throw new IllegalArgumentException("Expected " + sampleLength + " values for a sample "
                            + input.sample() + "; got " + samples[i].length + ".");
                }
                System.arraycopy(samples[i], 0, values, i * sampleLength, sampleLength);
            }
            scale.apply(values);
            return values;
        });
    }

    /**
     * Predicts images. Grey and RGB pixels are taken as they stand, transparency is dropped.
     *
     * @throws IllegalArgumentException when one has another size, unless this is {@link #resizing()}
     */
    public List<Prediction> predictAll(BufferedImage... images) {
        return images(images.length, (s, i, format, at) -> s.image(images[i], "image " + i, format, at, resize));
    }

    /**
     * Predicts images in the bytes of PNG files.
     *
     * @throws io.miniai.data.fault.DataException when one is none, or damaged
     */
    public List<Prediction> predictAll(byte[]... pngs) {
        return images(pngs.length, (s, i, format, at) -> s.png(pngs[i], "image " + i, format, at, resize));
    }

    /**
     * Predicts PNG files.
     *
     * @throws io.miniai.data.fault.DataException when one cannot be read, is no PNG, or damaged
     */
    public List<Prediction> predictAll(Path... pngs) {
        return images(pngs.length, (s, i, format, at) -> s.png(read(pngs[i]), pngs[i].toString(), format, at, resize));
    }

    private byte[] read(Path file) {
        limits.checkedSize(file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw Faults.unreadable(file.toString(), e);
        }
    }

    private interface Load {
        void image(Session s, int i, ImageFormat format, int offset);
    }

    private List<Prediction> images(int count, Load load) {
        ImageFormat format = imageFormat();
        return run(count, s -> {
            byte[] bytes = s.bytes(Math.multiplyExact(count, sampleLength));
            for (int i = 0; i < count; i++) {
                load.image(s, i, format, i * sampleLength);
            }
            float[] values = s.values(count * sampleLength);
            scale.apply(bytes, values);
            return values;
        });
    }

    private ImageFormat imageFormat() {
        int[] s = input.sample().toArray();
        if (s.length != 3 || (s[0] != 1 && s[0] != 3)) {
            throw new IllegalArgumentException("Expected a model of images [1, H, W] or [3, H, W]; this one takes "
                    + input.sample() + ". Fix: predict tensors or floats.");
        }
        return new ImageFormat(s[0], s[1], s[2]);
    }

    // ---- the model ------------------------------------------------------------------------------

    private interface Values {
        float[] of(Session s);
    }

    private List<Prediction> run(int count, Values values) {
        if (count == 0) {
            return List.of();
        }
        Session s = idle.pollFirst();
        if (s == null) {
            s = new Session(limits);
        }
        try {
            return predictions(count, outputs(count, values.of(s), s.workspace));
        } finally {
            idle.addFirst(s);
        }
    }

    private float[] outputs(int count, float[] values, Workspace workspace) {
        Workspace.Entered inside = workspace.enter();
        try {
            int[] shape = new int[input.sample().rank() + 1];
            shape[0] = count;
            System.arraycopy(input.sample().toArray(), 0, shape, 1, shape.length - 1);
            return Tensor.noGrad(() -> model.apply(Tensor.of(values, shape)).toFloatArray());
        } finally {
            inside.close();
            workspace.release();
        }
    }

    private List<Prediction> predictions(int count, float[] outputs) {
        if (outputs.length != count * classes.size()) {
            throw new IllegalStateException("Expected " + classes.size() + " outputs for each of " + count
                    + " samples; the model gave " + outputs.length + " in all.");
        }
        List<Prediction> predictions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            predictions.add(prediction(outputs, i * classes.size()));
        }
        return Collections.unmodifiableList(predictions);
    }

    /** Softmax in double precision, shifted by the largest output so that nothing overflows. */
    private Prediction prediction(float[] outputs, int from) {
        int n = classes.size();
        int best = 0;
        for (int i = 0; i < n; i++) {
            if (!Float.isFinite(outputs[from + i])) {
                throw new ArithmeticException("The model gives " + outputs[from + i] + " for " + classes.get(i)
                        + ". Fix: check that the sample has no NaN or infinite values, and the model no such weights.");
            }
            best = outputs[from + i] > outputs[from + best] ? i : best;
        }
        double sum = 0;
        double[] e = new double[n];
        for (int i = 0; i < n; i++) {
            e[i] = Math.exp((double) outputs[from + i] - outputs[from + best]);
            sum += e[i];
        }
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < n; i++) {
            probabilities.put(classes.get(i), e[i] / sum);
        }
        return new Prediction(classes.get(best), e[best] / sum, Collections.unmodifiableMap(probabilities));
    }
}
