package io.miniai.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The examples' command line. */
@Command(name = "miniai", mixinStandardHelpOptions = true, description = "Trains the lesson's models.")
public final class Main implements Runnable {
    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
