package io.miniai.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .execute(args);
    }

    @Test
    void unknown_option_ends_with_2() {
        assertThat(run("cnn", "--epoch", "3")).isEqualTo(2);
        assertThat(err.toString()).contains("--epoch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"convolutions", "mlp", "cnn", "autoencoder"})
    void every_command_shows_its_options(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: miniai " + command, "--epochs");
    }

    @Test
    void unknown_dataset_names_those_there_are() {
        assertThat(run("cnn", "--dataset", "cifar")).isEqualTo(2);
        assertThat(err.toString()).contains("expected mnist or fashion-mnist, got cifar");
    }

    @Test
    void numbers_out_of_range_end_with_2() {
        assertThat(run("cnn", "--epochs", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--epochs: expected at least 1, got 0.");
    }

    @Test
    void missing_folder_is_named() {
        assertThat(run("cnn", "--data", "no/such/folder")).isEqualTo(2);
        assertThat(err.toString()).contains("no/such/folder");
    }

    @Test
    void mlp_ends_with_its_result_and_pictures(@TempDir Path dir) {
        assertThat(run("mlp", "--epochs", "1", "--out", dir.toString())).isZero();
        assertThat(out.toString())
                .containsPattern("result mlp dataset=mnist epochs=1 params=39760 train_loss=[0-9.]+ valid_loss=[0-9.]+ "
                        + "valid_accuracy=[0-9.]+ seconds=[0-9.]+")
                .contains("picture " + dir.resolve("mlp-loss.png"));
        assertThat(dir.resolve("mlp-loss.png")).isNotEmptyFile();
    }
}
