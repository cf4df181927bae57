package io.miniai.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The examples' command line; without arguments it trains the classifier. */
@Command(
        name = "miniai",
        mixinStandardHelpOptions = true,
        version = "miniai 0.1.0-SNAPSHOT",
        description = "Convolutions, classifiers and an autoencoder, trained on PNG files.",
        subcommands = {Convolutions.class, Mlp.class, Cnn.class, Autoencoder.class},
        footer = {"", "Without a command: cnn. 'miniai COMMAND --help' shows the options of a command."})
public final class Main implements Runnable {
    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /**
     * Runs a command.
     *
     * @param args the command and its options
     * @return 0 when it went well, 1 when it failed, 2 when the arguments make no sense
     */
    static int run(String... args) {
        return commandLine().execute(args.length == 0 ? new String[] {"cnn"} : args);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setOut(PlainText.writer(System.out))
                .setErr(PlainText.writer(System.err))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::badArguments)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
    }

    private static int badArguments(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(command.getColorScheme().errorText("miniai: " + e.getMessage()));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
            command.getErr()
                    .println("'" + command.getCommandSpec().qualifiedName() + " --help' shows what is possible.");
        }
        return CommandLine.ExitCode.USAGE;
    }

    /** The message says what to do; the stack trace is for those who ask. */
    private static int failed(Exception e, CommandLine command) {
        command.getErr().println(command.getColorScheme().errorText("miniai: " + e.getMessage()));
        if (Boolean.getBoolean("miniai.stacktrace")) {
            e.printStackTrace(command.getErr());
        } else {
            command.getErr().println("-Dminiai.stacktrace=true shows where.");
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        int code = run(args);
        if (code != 0) {
            System.exit(code);
        }
    }
}
