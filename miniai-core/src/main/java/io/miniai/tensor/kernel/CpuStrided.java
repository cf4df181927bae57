package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Float32 memory read in another order than it lies in: stretched for broadcasting, or with its dimensions in another
 * place. Whoever reads gets neighbours in a Java array, piece by piece, and computes as with any other memory.
 */
final class CpuStrided {
    private final FloatBuffer memory;

    /** Sizes and distances from the outermost dimension to the innermost; neighbours that go on alike are one. */
    private final int[] sizes;

    private final int[] strides;

    private CpuStrided(FloatBuffer memory, int[] sizes, int[] strides) {
        this.memory = memory;
        int[] size = new int[sizes.length + 1];
        int[] stride = new int[sizes.length + 1];
        int n = 0;
        size[0] = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == 1) {
                continue;
            }
            if (size[n] == 1 || stride[n] == sizes[i] * strides[i]) {
                size[n] *= sizes[i];
            } else {
                n++;
                size[n] = sizes[i];
            }
            stride[n] = strides[i];
        }
        this.sizes = Arrays.copyOf(size, n + 1);
        this.strides = Arrays.copyOf(stride, n + 1);
    }

    /** An array stretched to the shape of another one (NumPy broadcasting), in the order of that one's memory. */
    private static CpuStrided stretched(Array a, Array to) {
        int rank = to.rank();
        int missing = rank - a.rank();
        int[] sizes = new int[rank];
        int[] strides = new int[rank];
        long[] from = a.strides();
        for (int dim = 0; dim < rank; dim++) {
            int axis = to.order().axis(dim);
            sizes[axis] = to.size(dim);
            boolean own = dim >= missing && a.size(dim - missing) > 1;
            strides[axis] = own ? Math.toIntExact(from[dim - missing]) : 0;
        }
        return new CpuStrided(CpuMemory.floats(a), sizes, strides);
    }

    /** out = a op b. */
    static void map(Array a, Array b, Array out, CpuElementwise.Loop2 loop) {
        CpuStrided left = stretched(a, out);
        CpuStrided right = stretched(b, out);
        FloatBuffer to = CpuMemory.floats(out);
        CpuElementwise.eachPiece(CpuElementwise.length(out), CpuElementwise.GRAIN, (s, at, n) -> {
            float[] x = s.floats(0, CpuElementwise.PIECE);
            float[] y = s.floats(1, CpuElementwise.PIECE);
            float[] z = s.floats(2, CpuElementwise.PIECE);
            left.read(at, x, n);
            right.read(at, y, n);
            loop.run(x, y, z, n);
            to.put(at, z, 0, n);
        });
    }

    static void broadcast(Array x, Array out) {
        copy(stretched(x, out), out);
    }

    /** Row-major. */
    static void permute(Array x, int[] axes, Array out) {
        int[] strides = new int[axes.length];
        long[] from = x.strides();
        for (int i = 0; i < axes.length; i++) {
            strides[i] = Math.toIntExact(from[axes[i]]);
        }
        copy(new CpuStrided(CpuMemory.floats(x), out.shape(), strides), out);
    }

    private static void copy(CpuStrided from, Array out) {
        FloatBuffer to = CpuMemory.floats(out);
        CpuElementwise.eachPiece(CpuElementwise.length(out), CpuElementwise.GRAIN, (s, at, n) -> {
            float[] x = s.floats(0, CpuElementwise.PIECE);
            from.read(at, x, n);
            to.put(at, x, 0, n);
        });
    }

    /** Elements {@code at} to {@code at + n}, counted in the order of reading. */
    private void read(int at, float[] to, int n) {
        int inner = sizes.length - 1;
        int row = at / sizes[inner];
        int column = at % sizes[inner];
        for (int done = 0; done < n; row++, column = 0) {
            int run = Math.min(sizes[inner] - column, n - done);
            readRun(start(row) + column * strides[inner], strides[inner], to, done, run);
            done += run;
        }
    }

    /** Where a row of the innermost dimension begins. */
    private int start(int row) {
        int start = 0;
        int rest = row;
        for (int d = sizes.length - 2; d >= 0; d--) {
            start += rest % sizes[d] * strides[d];
            rest /= sizes[d];
        }
        return start;
    }

    private void readRun(int from, int stride, float[] to, int at, int n) {
        if (stride == 1) {
            memory.get(from, to, at, n);
        } else if (stride == 0) {
            Arrays.fill(to, at, at + n, memory.get(from));
        } else {
            for (int i = 0; i < n; i++) {
                to[at + i] = memory.get(from + i * stride);
            }
        }
    }
}
