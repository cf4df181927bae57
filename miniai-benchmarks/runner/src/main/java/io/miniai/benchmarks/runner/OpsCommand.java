package io.miniai.benchmarks.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures single operations with JMH, in processes of their own. */
@Command(name = "ops", description = "Measures single operations with JMH.", mixinStandardHelpOptions = true)
final class OpsCommand implements Runnable {
    @Option(names = "--quick", description = "About a minute and a half instead of ten.")
    private boolean quick;

    @Option(names = "--portable", description = "The portable kernels.")
    private boolean portable;

    @Parameters(arity = "0..1", description = "A regular expression for names of benchmarks.")
    private @Nullable String pattern;

    @Override
    public void run() {
        List<String> args = new ArrayList<>();
        if (quick) {
            args.add("quick");
        }
        if (pattern != null) {
            args.add(pattern);
        }
        List<String> options = portable ? List.of("-Dminiai.kernels=portable") : List.of();
        Java.show(Java.process(
                "miniai", "io.miniai.benchmarks.miniai.ops.Ops", options, Map.of(), args.toArray(String[]::new)));
    }
}
