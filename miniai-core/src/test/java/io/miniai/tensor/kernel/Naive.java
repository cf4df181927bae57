package io.miniai.tensor.kernel;

/** What kernels compute, by plain loops in double precision; row-major everywhere. */
final class Naive {
    private Naive() {}

    /** A row-major position as an index in every dimension. */
    static int[] index(int position, int[] shape) {
        int[] index = new int[shape.length];
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d] = position % shape[d];
            position /= shape[d];
        }
        return index;
    }

    static int position(int[] index, int[] shape) {
        int position = 0;
        for (int d = 0; d < shape.length; d++) {
            position = position * shape[d] + index[d];
        }
        return position;
    }

    static double[] broadcast(double[] values, int[] shape, int[] to) {
        double[] out = new double[(int) Array.length(to)];
        for (int i = 0; i < out.length; i++) {
            int[] wide = index(i, to);
            int[] at = new int[shape.length];
            for (int d = 0; d < shape.length; d++) {
                at[d] = shape[d] == 1 ? 0 : wide[d + to.length - shape.length];
            }
            out[i] = values[position(at, shape)];
        }
        return out;
    }

    static double[] transpose(double[] x, int rows, int columns) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i % columns * rows + i / columns] = x[i];
        }
        return out;
    }

    static double[] matmul(double[] a, double[] b, int m, int k, int n) {
        double[] out = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < k; l++) {
                    out[i * n + j] += a[i * k + l] * b[l * n + j];
                }
            }
        }
        return out;
    }
}
