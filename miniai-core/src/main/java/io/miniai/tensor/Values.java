package io.miniai.tensor;

import static io.miniai.tensor.Tensor.kernels;

import io.miniai.tensor.kernel.Array;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Values from Java into tensors and back. */
final class Values {
    private Values() {}

    static Array upload(Object values, int length, DType type, int... dims) {
        Shape shape = Shape.of(dims);
        if (shape.numel() != length) {
            throw new ShapeException(
                    "Expected %d values for shape %s; got %d.".formatted(shape.numel(), shape, length));
        }
        Array out = Array.allocate(type.nd(), shape.dims());
        if (values instanceof float[] f) {
            kernels().upload(f, out);
        } else if (values instanceof double[] d) {
            kernels().upload(d, out);
        } else {
            kernels().upload((long[]) values, out);
        }
        return out;
    }

    static Array rows(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        Shape shape = Shape.of(rows.length, columns);
        float[] flat = new float[Math.toIntExact(shape.numel())];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw new ShapeException(
                        "Expected rows of one length (%d); got %d in row %d.".formatted(columns, rows[i].length, i));
            }
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return upload(flat, flat.length, DType.FLOAT32, rows.length, columns);
    }

    static Array copyOf(INDArray source) {
        DType type = DType.of(source.dataType());
        int[] dims = new int[source.rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Math.toIntExact(source.size(i));
        }
        INDArray flat = source.dup('c').reshape(source.length());
        return switch (type) {
            case FLOAT32 -> upload(flat.toFloatVector(), Math.toIntExact(flat.length()), type, dims);
            case FLOAT64 -> upload(flat.toDoubleVector(), Math.toIntExact(flat.length()), type, dims);
            case INT64 -> upload(flat.toLongVector(), Math.toIntExact(flat.length()), type, dims);
        };
    }

    static Tensor drawn(DoubleSupplier draw, int... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[Math.toIntExact(shape.numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) draw.getAsDouble();
        }
        return Tensor.of(values, dims);
    }

    static double first(Array a) {
        return switch (DType.of(a.type())) {
            case FLOAT32 -> kernels().downloadFloats(a)[0];
            case FLOAT64 -> kernels().downloadDoubles(a)[0];
            case INT64 -> kernels().downloadLongs(a)[0];
        };
    }

    static double at(Tensor t, int... index) {
        Shape shape = t.shape();
        boolean ok = index.length == shape.rank();
        int flat = 0;
        for (int i = 0; ok && i < index.length; i++) {
            int size = shape.dim(i);
            int at = index[i] < 0 ? index[i] + size : index[i];
            ok = at >= 0 && at < size;
            flat = flat * size + at;
        }
        if (!ok) {
            throw new IndexOutOfBoundsException("Expected one index inside each dimension of %s; got %s."
                    .formatted(shape, java.util.Arrays.toString(index)));
        }
        return t.reshape(-1).detach().slice(0, flat, flat + 1).item();
    }

    static float[] floats(Tensor t) {
        if (t.dtype() == DType.FLOAT32) {
            return kernels().downloadFloats(t.rowMajor());
        }
        double[] d = t.toDoubleArray();
        float[] f = new float[d.length];
        for (int i = 0; i < d.length; i++) {
            f[i] = (float) d[i];
        }
        return f;
    }

    static long[] longs(Tensor t) {
        if (t.dtype() == DType.INT64) {
            return kernels().downloadLongs(t.rowMajor());
        }
        double[] d = t.toDoubleArray();
        long[] l = new long[d.length];
        for (int i = 0; i < d.length; i++) {
            l[i] = (long) d[i];
        }
        return l;
    }
}
