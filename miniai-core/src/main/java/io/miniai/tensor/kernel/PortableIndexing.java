package io.miniai.tensor.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.factory.Nd4j;

/** Picking by index, and its adjoint. */
final class PortableIndexing {
    private PortableIndexing() {}

    static void gather(Array x, int dim, Array index, Array out) {
        INDArray flat = flatIndex(x, dim, index).flat();
        Ops.run("gather", new INDArray[] {x.flat(), flat}, out.flat(), 0);
    }

    static void scatterAdd(Array src, int dim, Array index, Array dst) {
        INDArray flat = flatIndex(dst, dim, index).flat();
        addAt(dst.flat(), flat, src.flat());
    }

    /** Positions in the flat memory of a: index · stride of dim + the positions along all others. */
    private static Array flatIndex(Array a, int dim, Array index) {
        long[] strides = a.strides();
        Array result = Array.allocate(DataType.INT64, index.shape());
        Ops.run(new ScalarMultiplication(index.flat(), null, result.flat(), strides[dim]));
        for (int d = 0; d < strides.length; d++) {
            if (d != dim && index.size(d) > 1) {
                INDArray z = result.nd();
                Ops.run(
                        "add",
                        new INDArray[] {
                            z, steps(index.rank(), d, index.size(d), strides[d]).nd()
                        },
                        z);
            }
        }
        return result;
    }

    /** 0, stride, 2 · stride … along one dimension. */
    private static Array steps(int rank, int dim, int count, long stride) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = i * stride;
        }
        int[] shape = new int[rank];
        Arrays.fill(shape, 1);
        shape[dim] = count;
        Array steps = Array.allocate(DataType.INT64, shape);
        PortableMemory.upload(values, steps);
        return steps;
    }

    static void indexSelect(Array x, int dim, int[] index, Array out) {
        Ops.run("gather", new INDArray[] {x.nd(), uploaded(index)}, out.nd(), dim);
    }

    /** ND4J adds rows only, so other dimensions come to the front first. */
    static void indexAdd(Array src, int dim, int[] index, Array dst) {
        if (dim == 0) {
            addAt(dst.nd(), uploaded(index), src.nd());
            return;
        }
        int[] axes = toFront(dim, dst.rank());
        Array rows = permuted(src, axes);
        Array sums = permuted(dst, axes);
        addAt(sums.nd(), uploaded(index), rows.nd());
        Ops.assign(sums.nd(), PortableShapes.permuted(dst, axes));
    }

    private static Array permuted(Array x, int[] axes) {
        int[] shape = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            shape[i] = x.size(axes[i]);
        }
        Array result = Array.allocate(x.type(), shape);
        PortableShapes.permute(x, axes, result);
        return result;
    }

    private static int[] toFront(int dim, int rank) {
        int[] axes = new int[rank];
        axes[0] = dim;
        for (int i = 1; i < rank; i++) {
            axes[i] = i <= dim ? i - 1 : i;
        }
        return axes;
    }

    private static INDArray uploaded(int[] index) {
        Array array = Array.allocate(DataType.INT64, index.length);
        PortableMemory.upload(Ops.longs(index), array);
        return array.nd();
    }

    /** With the lock on: without it ND4J's threads overwrite each other's sums where an index repeats. */
    private static void addAt(INDArray dst, INDArray index, INDArray src) {
        Nd4j.getExecutioner()
                .exec(DynamicCustomOp.builder("scatter_add")
                        .addInputs(dst, index, src)
                        .addOutputs(dst)
                        .addBooleanArguments(true)
                        .build());
    }

    /** One row a label: ND4J would see a single label as one more dimension. */
    static void oneHot(Array labels, double on, Array out) {
        int rows = (int) labels.length();
        int classes = out.size(out.rank() - 1);
        Ops.run(
                "onehot",
                new INDArray[] {labels.flat()},
                new INDArray[] {out.reshaped(rows, classes).nd()},
                new double[] {on, 0},
                -1,
                classes);
    }
}
