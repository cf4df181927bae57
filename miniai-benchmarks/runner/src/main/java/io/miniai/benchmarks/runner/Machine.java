package io.miniai.benchmarks.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What the figures depend on, without names of the machine. */
final class Machine {
    private Machine() {}

    /** Processor, cores, caches and virtual machine; what the system does not tell is left out. */
    static Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        lines(Path.of("/proc/cpuinfo"))
                .filter(l -> l.startsWith("model name") || l.startsWith("cpu family"))
                .distinct()
                .forEach(l -> facts.put(
                        l.substring(0, l.indexOf(':')).strip(),
                        l.substring(l.indexOf(':') + 1).strip()));
        facts.put(
                "instructions",
                lines(Path.of("/proc/cpuinfo")).anyMatch(l -> l.contains("avx512f")) ? "AVX-512" : "no AVX-512");
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        for (int i = 0; i < 4; i++) {
            Path cache = Path.of("/sys/devices/system/cpu/cpu0/cache/index" + i);
            String level = lines(cache.resolve("level")).findFirst().orElse("");
            String type = lines(cache.resolve("type")).findFirst().orElse("");
            lines(cache.resolve("size")).forEach(size -> facts.put("L" + level + " " + type, size));
        }
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return facts;
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file).stream() : Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
