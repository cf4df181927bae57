package io.miniai.examples;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One example: a subcommand that says what it does in {@link #run}; options and report are the same for all. */
abstract class Example implements Callable<Integer> {
    private final Defaults defaults;

    @Mixin
    private final Options options = new Options();

    private CommandSpec spec = CommandSpec.create();

    Example(Defaults defaults) {
        this.defaults = defaults;
    }

    /** Does it, and leaves pictures and facts with the set-up. */
    abstract void run(Setup setup);

    @Spec
    final void spec(CommandSpec command) {
        spec = command;
        command.usageMessage().footer("", defaults.text());
    }

    @Override
    public final Integer call() {
        options.check();
        Setup setup =
                new Setup(spec.name(), options, defaults, spec.commandLine().getOut());
        run(setup);
        setup.report();
        return 0;
    }
}
