package io.miniai.examples;

import io.miniai.tensor.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that all examples have in common. */
final class Options {
    private static final String SAMPLE = "sample";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            converter = DatasetName.class,
            description = "mnist or fashion-mnist.")
    @Nullable
    KnownDataset dataset;

    @Option(
            names = "--data",
            paramLabel = "sample|DIR",
            defaultValue = SAMPLE,
            description = "The sample that comes with the examples, or a folder with PNG files or the originals.")
    String data = SAMPLE;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data, at least 1.")
    @Nullable
    Integer epochs;

    @Option(names = "--lr", paramLabel = "X", description = "Learning rate.")
    @Nullable
    Double lr;

    @Option(names = "--batch-size", paramLabel = "N", description = "Images in a batch.")
    @Nullable
    Integer batchSize;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads that decode images; default: ${DEFAULT-VALUE}.")
    int workers = 2;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "What initialisation and order depend on; default: ${DEFAULT-VALUE}.")
    long seed = 42;

    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda",
            defaultValue = "auto",
            description = "Where to compute; default: ${DEFAULT-VALUE}.")
    String device = "auto";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "target/miniai",
            description = "Where pictures go; default: ${DEFAULT-VALUE}.")
    Path out = Path.of("target/miniai");

    /** @throws ParameterException for a value that makes no sense */
    void check() {
        require(epochs == null || epochs >= 1, "--epochs", "at least 1", epochs);
        require(lr == null || (lr > 0 && Double.isFinite(lr)), "--lr", "a number above 0", lr);
        require(batchSize == null || batchSize >= 1, "--batch-size", "at least 1", batchSize);
        require(workers >= 0, "--workers", "at least 0", workers);
        require(isSample() || Files.exists(Path.of(data)), "--data", "'sample' or an existing folder or zip", data);
        require(
                device.equals("auto") || device.equals("cpu") || device.equals("cuda"),
                "--device",
                "auto, cpu or cuda",
                device);
    }

    boolean isSample() {
        return data.equals(SAMPLE);
    }

    Device chosenDevice() {
        return Device.of(device);
    }

    private void require(boolean ok, String option, String expected, @Nullable Object got) {
        if (!ok && command != null) {
            throw new ParameterException(
                    command.commandLine(), option + ": expected " + expected + ", got " + got + ".");
        }
    }
}
