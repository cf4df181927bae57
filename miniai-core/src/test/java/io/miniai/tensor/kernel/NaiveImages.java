package io.miniai.tensor.kernel;

import java.util.Arrays;

/** What image kernels compute, by plain loops in double precision; NCHW. */
final class NaiveImages {
    private NaiveImages() {}

    /** One value of one patch: where it comes from in x ({@code −1} in the padding) and where it goes in the columns. */
    @FunctionalInterface
    interface Visitor {
        void visit(int image, int channel, int source, int kernel, int position);
    }

    static void patches(Geometry g, Visitor visitor) {
        for (int n = 0; n < g.n(); n++) {
            for (int c = 0; c < g.c(); c++) {
                for (int position = 0; position < g.positions(); position++) {
                    for (int k = 0; k < g.kernelH() * g.kernelW(); k++) {
                        int row = position / g.outW() * g.strideH() - g.padH() + k / g.kernelW() * g.dilationH();
                        int column = position % g.outW() * g.strideW() - g.padW() + k % g.kernelW() * g.dilationW();
                        boolean inside = row >= 0 && row < g.h() && column >= 0 && column < g.w();
                        int source = inside ? ((n * g.c() + c) * g.h() + row) * g.w() + column : -1;
                        visitor.visit(n, c, source, k, position);
                    }
                }
            }
        }
    }

    private static int column(Geometry g, int n, int c, int k, int position) {
        return ((n * g.c() + c) * g.kernelH() * g.kernelW() + k) * g.positions() + position;
    }

    static double[] unfold(double[] x, Geometry g) {
        double[] columns = new double[g.n() * g.patch() * g.positions()];
        patches(g, (n, c, source, k, p) -> columns[column(g, n, c, k, p)] = source < 0 ? 0 : x[source]);
        return columns;
    }

    static double[] fold(double[] columns, Geometry g) {
        double[] x = new double[g.n() * g.c() * g.h() * g.w()];
        patches(g, (n, c, source, k, p) -> {
            if (source >= 0) {
                x[source] += columns[column(g, n, c, k, p)];
            }
        });
        return x;
    }

    static double[] conv2d(double[] x, double[] w, double[] bias, int o, Geometry g, boolean relu) {
        double[] y = new double[g.n() * o * g.positions()];
        for (int i = 0; i < y.length; i++) {
            y[i] = bias[i / g.positions() % o];
        }
        int kernel = g.kernelH() * g.kernelW();
        patches(g, (n, c, source, k, p) -> {
            for (int out = 0; source >= 0 && out < o; out++) {
                y[(n * o + out) * g.positions() + p] += x[source] * w[(out * g.c() + c) * kernel + k];
            }
        });
        return relu ? Arrays.stream(y).map(v -> Math.max(0, v)).toArray() : y;
    }

    static final class Gradients {
        final double[] x;
        final double[] weight;
        final double[] bias;

        Gradients(double[] x, double[] weight, double[] bias) {
            this.x = x;
            this.weight = weight;
            this.bias = bias;
        }
    }

    static Gradients conv2dGrad(double[] x, double[] w, int o, Geometry g, double[] dy) {
        double[] dx = new double[x.length];
        double[] dw = new double[w.length];
        double[] db = new double[o];
        int kernel = g.kernelH() * g.kernelW();
        patches(g, (n, c, source, k, p) -> {
            for (int out = 0; source >= 0 && out < o; out++) {
                double slope = dy[(n * o + out) * g.positions() + p];
                dx[source] += slope * w[(out * g.c() + c) * kernel + k];
                dw[(out * g.c() + c) * kernel + k] += slope * x[source];
            }
        });
        for (int i = 0; i < dy.length; i++) {
            db[i / g.positions() % o] += dy[i];
        }
        return new Gradients(dx, dw, db);
    }

    /** For each window the position in x of its first largest value. */
    static int[] firstLargest(double[] x, Geometry g) {
        int[] best = new int[g.n() * g.c() * g.positions()];
        Arrays.fill(best, -1);
        patches(g, (n, c, source, k, p) -> {
            int window = (n * g.c() + c) * g.positions() + p;
            if (source >= 0 && (best[window] < 0 || x[source] > x[best[window]])) {
                best[window] = source;
            }
        });
        return best;
    }
}
