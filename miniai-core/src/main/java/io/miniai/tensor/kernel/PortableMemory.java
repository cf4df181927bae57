package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Values into ND4J memory and out of it. ND4J's own ways in and out ({@code setData}, {@code asFloat})
 * go element by element; the buffer's NIO view is one bulk copy.
 */
final class PortableMemory {
    private PortableMemory() {}

    static void upload(float[] src, Array dst) {
        Block block = dst.storage().block();
        block.hostFloats().put(src);
        writtenByHost(block.buffer());
    }

    static void upload(double[] src, Array dst) {
        Block block = dst.storage().block();
        block.hostDoubles().put(src);
        writtenByHost(block.buffer());
    }

    static void upload(long[] src, Array dst) {
        Block block = dst.storage().block();
        block.hostLongs().put(src);
        writtenByHost(block.buffer());
    }

    /** Tells a backend with memory of its own (CUDA) which copy is the newer one; the CPU's does nothing. */
    private static void writtenByHost(DataBuffer buffer) {
        Nd4j.getAffinityManager().tagLocation(buffer, Location.HOST);
    }

    static float[] downloadFloats(Array src) {
        float[] values = new float[Math.toIntExact(src.length())];
        src.storage().block().hostFloats().get(values);
        return values;
    }

    static long[] downloadLongs(Array src) {
        long[] values = new long[Math.toIntExact(src.length())];
        src.storage().block().hostLongs().get(values);
        return values;
    }

    static double[] downloadDoubles(Array src) {
        Array doubles = src.type() == DataType.DOUBLE ? src : Ops.cast(src, DataType.DOUBLE);
        double[] values = new double[Math.toIntExact(src.length())];
        doubles.storage().block().hostDoubles().get(values);
        return values;
    }

    static void copy(Array src, Array dst) {
        if (src.order() == dst.order()) {
            Ops.assign(src.flat(), dst.flat());
        } else {
            Ops.assign(src.nd(), dst.nd());
        }
    }

    /** In Java, whose draws are the same on every processor. */
    static void dropoutMask(long state, double p, Array out) {
        double[] mask = new double[Math.toIntExact(out.length())];
        long dropped = SplitMix.share53(p);
        for (int i = 0; i < mask.length; i++) {
            mask[i] = SplitMix.bits53(state + (i + 1) * SplitMix.GOLDEN) < dropped ? 0 : 1 / (1 - p);
        }
        Array rows = Array.allocate(DataType.DOUBLE, out.shape());
        upload(mask, rows);
        copy(rows, out);
    }

    /** In Java, which has the bytes. */
    static void lookup(byte[][] images, int[] starts, float[][] values, Array out) {
        float[] floats = new float[Math.toIntExact(out.length())];
        int plane = out.size(2) * out.size(3);
        int to = 0;
        for (int image = 0; image < images.length; image++) {
            int from = starts[image];
            for (float[] table : values) {
                CpuPixels.lookup(images[image], from, table, floats, to, plane);
                from += plane;
                to += plane;
            }
        }
        Array rows = Array.allocate(DataType.FLOAT, out.shape());
        upload(floats, rows);
        copy(rows, out);
    }

    static void fill(Array dst, double value) {
        Ops.fill(dst.flat(), value);
    }
}
