package io.miniai.benchmarks.runner;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks as one command-line program. */
@Command(
        name = "benchmarks",
        description = "Measures miniai and its peers.",
        mixinStandardHelpOptions = true,
        subcommands = {HeadToHead.class, OpsCommand.class, Whole.class})
public final class Main {
    private Main() {}

    /** Runs the command given; without one, shows the help and fails. */
    public static void main(String[] args) {
        int exit = new CommandLine(new Main()).execute(args);
        // Inside of Maven's process success must not end it.
        if (exit != 0) {
            System.exit(exit);
        }
    }
}
