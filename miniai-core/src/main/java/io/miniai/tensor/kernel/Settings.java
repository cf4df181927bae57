package io.miniai.tensor.kernel;

/** What the system properties {@code miniai.threads}, {@code miniai.memory.limit} and {@code miniai.kernels} say. */
final class Settings {
    private static final String THREADS = "miniai.threads";
    private static final String MEMORY_LIMIT = "miniai.memory.limit";
    private static final String KERNELS = "miniai.kernels";
    private static final String FAST = "fast";
    private static final String PORTABLE = "portable";
    private static final String UNITS = "kmg";

    private Settings() {}

    /** The kernel threads asked for; as many as there are processors where nothing that {@link #check} accepts is. */
    static int threads() {
        String value = System.getProperty(THREADS, "");
        return isThreads(value) ? Integer.parseInt(value) : Runtime.getRuntime().availableProcessors();
    }

    /** Whether to compute with ND4J's operations only, also where there are faster kernels. */
    static boolean portable() {
        return System.getProperty(KERNELS, FAST).equals(PORTABLE);
    }

    /** The most bytes of native memory; all there are where nothing that {@link #check} accepts is asked for. */
    static long memoryLimit() {
        String value = System.getProperty(MEMORY_LIMIT, "");
        if (!isBytes(value)) {
            return Long.MAX_VALUE;
        }
        int last = value.length() - 1;
        int unit = UNITS.indexOf(Character.toLowerCase(value.charAt(last)));
        return unit < 0 ? Long.parseLong(value) : Long.parseLong(value.substring(0, last)) << (10 * (unit + 1));
    }

    /** Before the first array: a setting that means nothing is not passed over. */
    static void check() {
        check(THREADS, isThreads(System.getProperty(THREADS, "1")), "a number of threads from 1 to 999");
        String kernels = System.getProperty(KERNELS, FAST);
        check(KERNELS, kernels.equals(FAST) || kernels.equals(PORTABLE), "fast or portable");
        check(MEMORY_LIMIT, isBytes(System.getProperty(MEMORY_LIMIT, "1")), "bytes, such as 536870912 or 512m");
    }

    private static void check(String name, boolean right, String expected) {
        if (!right) {
            throw new IllegalArgumentException(
                    "System property %s: expected %s; got \"%s\".".formatted(name, expected, System.getProperty(name)));
        }
    }

    private static boolean isThreads(String value) {
        return value.matches("[1-9][0-9]{0,2}");
    }

    /** As the options of {@code java}. */
    private static boolean isBytes(String value) {
        return value.matches("[1-9][0-9]{0,8}[kmgKMG]|[1-9][0-9]{0,17}");
    }
}
