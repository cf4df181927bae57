package io.miniai.benchmarks.miniai.whole;

import java.lang.management.ManagementFactory;

/** How busy this process keeps the cores. */
final class Load {
    private final com.sun.management.OperatingSystemMXBean system =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final int cores = Runtime.getRuntime().availableProcessors();
    private long wall = System.nanoTime();
    private long cpu = system.getProcessCpuTime();

    /** The share of all cores that was used since the last question. */
    double busy() {
        long wallNow = System.nanoTime();
        long cpuNow = system.getProcessCpuTime();
        double share = (double) (cpuNow - cpu) / (wallNow - wall) / cores;
        wall = wallNow;
        cpu = cpuNow;
        return share;
    }
}
