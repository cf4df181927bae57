package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;

/** Kernels under test with a type to test them in, and the ways from Java values to arrays and back. */
record Bench(String name, Kernels kernels, DataType type) {

    /** Every implementation in every floating-point type; that for the CPU as on both kinds of processors. */
    static Stream<Bench> all() {
        return Stream.of(
                new Bench("portable", new PortableKernels(), DataType.FLOAT),
                new Bench("portable", new PortableKernels(), DataType.DOUBLE),
                new Bench("CPU", new CpuKernels(new CpuRowSums()), DataType.FLOAT),
                new Bench("CPU", new CpuKernels(new CpuRowSums()), DataType.DOUBLE),
                new Bench("CPU with AVX-512", new CpuKernels(new CpuPixelProducts()), DataType.FLOAT));
    }

    /** The content is NaN: a kernel that leaves a value unwritten is found out. */
    Array empty(int... shape) {
        return poisoned(Array.allocate(type, shape));
    }

    Array emptyImage(Order order, int... shape) {
        return poisoned(Array.allocateImage(type, order, shape));
    }

    Array emptyLike(Array a) {
        return poisoned(a.allocateLike());
    }

    private Array poisoned(Array a) {
        double[] nan = new double[Math.toIntExact(a.length())];
        Arrays.fill(nan, Double.NaN);
        upload(nan, a);
        return a;
    }

    Array array(double[] values, int... shape) {
        Array a = Array.allocate(type, shape);
        upload(values, a);
        return a;
    }

    Array longs(long[] values, int... shape) {
        Array a = Array.allocate(DataType.INT64, shape);
        kernels.upload(values, a);
        return a;
    }

    Array floats(double[] values, int... shape) {
        Array a = Array.allocate(DataType.FLOAT, shape);
        kernels.upload(toFloats(values), a);
        return a;
    }

    /** Values in NCHW order as images in the asked memory order. */
    Array image(Order order, double[] values, int... shape) {
        Array a = Array.allocateImage(type, order, shape);
        upload(inMemory(order, values, shape), a);
        return a;
    }

    private void upload(double[] values, Array a) {
        Array rows = a.inMemoryOrder();
        if (a.isFloat()) {
            kernels.upload(toFloats(values), rows);
        } else {
            kernels.upload(values, rows);
        }
    }

    /** The values in logical row-major order (NCHW for images). */
    double[] values(Array a) {
        double[] inMemory = kernels.downloadDoubles(a.inMemoryOrder());
        double[] values = inMemory.clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = inMemory[index(i, a.order(), a.shape())];
        }
        return values;
    }

    /** Values between −2 and 2 that float32 can hold; the same at every call with the same sizes. */
    static double[] random(int... shape) {
        return seeded(0, shape);
    }

    /** As {@link #random}, other values for every seed. */
    static double[] seeded(long seed, int... shape) {
        SplittableRandom random = new SplittableRandom(seed * 31 + Arrays.hashCode(shape));
        double[] values = new double[Math.toIntExact(Array.length(shape))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-2, 2);
        }
        return values;
    }

    /** Absolute and relative, for values around 1 from sums of a few hundred. */
    double tolerance() {
        return type == DataType.FLOAT ? 2e-5 : 1e-12;
    }

    void assertValues(Array actual, double... expected) {
        assertClose(values(actual), expected, tolerance());
    }

    /** As above for long sums, whose error grows with what was added up: relative to the largest value. */
    void assertSums(Array actual, double... expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(1);
        assertClose(values(actual), expected, tolerance() * Math.max(1, largest));
    }

    static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(actual[i] - expected[i]);
            boolean close = Double.compare(actual[i], expected[i]) == 0
                    || error <= tolerance * Math.max(1, Math.abs(expected[i]));
            if (!close) {
                throw new AssertionError("value %d of %d: expected %s, got %s%nexpected %s%ngot %s"
                        .formatted(
                                i,
                                expected.length,
                                expected[i],
                                actual[i],
                                Arrays.toString(expected),
                                Arrays.toString(actual)));
            }
        }
    }

    static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static double[] inMemory(Order order, double[] values, int[] shape) {
        double[] out = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            out[index(i, order, shape)] = values[i];
        }
        return out;
    }

    /** Where in memory a value of row-major order lies. */
    private static int index(int nchw, Order order, int[] s) {
        if (order == Order.ROW_MAJOR) {
            return nchw;
        }
        int w = nchw % s[3];
        int h = nchw / s[3] % s[2];
        int c = nchw / (s[3] * s[2]) % s[1];
        int n = nchw / (s[3] * s[2] * s[1]);
        return order == Order.CHANNELS_LAST
                ? ((n * s[2] + h) * s[3] + w) * s[1] + c
                : ((h * s[3] + w) * s[1] + c) * s[0] + n;
    }

    @Override
    public String toString() {
        return name + " " + type;
    }
}
