package io.miniai.examples;

import io.miniai.callback.ProgressCB;
import io.miniai.data.DataLoaders;
import io.miniai.data.DatasetDict;
import io.miniai.data.image.ImageFormat;
import io.miniai.data.picture.Picture;
import io.miniai.learn.EpochRecord;
import io.miniai.learn.Learner;
import io.miniai.nn.Init;
import io.miniai.tensor.Device;
import io.miniai.tensor.Shape;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** What an example is given: data, device and numbers as the options and defaults say; and where its results go. */
final class Setup {
    private final String example;
    private final Options options;
    private final PrintWriter out;
    private final Device device;
    private final DatasetDict data;
    private final int epochs;
    private final double lr;
    private final int batchSize;
    private final List<Path> pictures = new ArrayList<>();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final long start = System.nanoTime();

    Setup(String example, Options options, Defaults defaults, PrintWriter out) {
        this.example = example;
        this.options = options;
        this.out = out;
        device = options.chosenDevice(); // before the first tensor
        Init.seed(options.seed);
        KnownDataset dataset = options.dataset == null ? defaults.dataset() : options.dataset;
        data = dataset.open(options.isSample() ? SampleData.of(dataset) : Path.of(options.data));
        int usual = options.isSample() ? dataset.epochsOn(data.train().size(), defaults.epochs()) : defaults.epochs();
        epochs = options.epochs == null ? usual : options.epochs;
        lr = options.lr == null ? defaults.lr() : options.lr;
        batchSize = options.batchSize == null ? defaults.batchSize() : options.batchSize;
        facts.put("dataset", dataset.toString());
        heading("miniai " + example + " on " + dataset + (options.isSample() ? ", sample" : ""));
        print("%s", data);
        if (epochs > 0) {
            print(
                    "%d epoch%s, learning rate %s, batch size %d, seed %d",
                    epochs, epochs == 1 ? "" : "s", lr, batchSize, options.seed);
        }
        print("");
    }

    // ---- what to work with ----------------------------------------------------------------------

    DatasetDict data() {
        return data;
    }

    /** Training leaves out a last batch that is not full: a step on a few images at this learning rate undoes many. */
    DataLoaders loaders() {
        return DataLoaders.of(data)
                .batchSize(batchSize)
                .dropLast(true)
                .workers(options.workers)
                .seed(options.seed)
                .build();
    }

    /** A batch's shape {@code [N, C, H, W]}. */
    Shape inputShape() {
        ImageFormat f = data.train().format();
        return Shape.of(batchSize, f.channels(), f.height(), f.width());
    }

    Device device() {
        return device;
    }

    int epochs() {
        return epochs;
    }

    double lr() {
        return lr;
    }

    // ---- what comes of it -----------------------------------------------------------------------

    void heading(String text) {
        out.println(Ansi.AUTO.string("@|bold " + text + "|@"));
        out.flush();
    }

    void print(Object text) {
        out.println(text);
        out.flush();
    }

    void print(String format, Object... values) {
        print(String.format(Locale.ROOT, format, values));
    }

    /** A progress bar in a terminal, and a chart of the loss among the pictures. */
    ProgressCB progress() {
        Path chart = file("loss.png");
        pictures.add(chart);
        return new ProgressCB().plot(chart);
    }

    /** Where a file of this example goes. */
    Path file(String name) {
        return options.out.resolve(example + "-" + name);
    }

    void save(String name, Picture picture) {
        pictures.add(picture.save(file(name)));
    }

    /** Adds a number to the last line. */
    void fact(String name, double value) {
        facts.put(name, String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.4f" : "%.1f", value));
    }

    /** Adds what the training came to. */
    void trained(Learner learn) {
        EpochRecord last = learn.history().last();
        facts.put("epochs", Integer.toString(learn.history().size()));
        facts.put("params", Long.toString(learn.model().numel()));
        fact("train_loss", last.trainLoss());
        fact("valid_loss", last.validLoss());
        last.validMetrics().forEach((name, value) -> fact("valid_" + name, value));
    }

    /** Prints the pictures written, and all results in one line. */
    void report() {
        fact("seconds", (System.nanoTime() - start) / 1e9);
        StringBuilder line = new StringBuilder("result ").append(example);
        facts.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
        print("");
        print(line);
        pictures.forEach(p -> print("picture " + p));
    }
}
