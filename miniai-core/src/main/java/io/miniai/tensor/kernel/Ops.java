package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarSet;
import org.nd4j.linalg.api.ops.impl.transforms.any.Assign;
import org.nd4j.linalg.factory.Nd4j;

/** Runs ND4J's operations on arrays that exist already: the result is always passed in, so that ND4J allocates none. */
final class Ops {
    private Ops() {}

    /** Runs an operation of the older kind: one native call, little overhead. */
    static void run(Op op) {
        Nd4j.getExecutioner().exec(op);
    }

    /** Runs the named operation with integer arguments. */
    static void run(String name, INDArray[] in, INDArray out, int... ints) {
        run(name, in, new INDArray[] {out}, ints);
    }

    /** Runs the named operation with integer arguments. */
    static void run(String name, INDArray[] in, INDArray[] out, int... ints) {
        Nd4j.getExecutioner().exec(prepared(name, in, out, ints).build());
    }

    /** Runs the named operation with floating-point and integer arguments. */
    static void run(String name, INDArray[] in, INDArray[] out, double[] reals, int... ints) {
        CustomOp op = prepared(name, in, out, ints)
                .addFloatingPointArguments(boxed(reals))
                .build();
        Nd4j.getExecutioner().exec(op);
    }

    private static DynamicCustomOp.DynamicCustomOpsBuilder prepared(
            String name, INDArray[] in, INDArray[] out, int[] ints) {
        return DynamicCustomOp.builder(name).addInputs(in).addOutputs(out).addIntegerArguments(ints);
    }

    private static Double[] boxed(double[] values) {
        Double[] boxed = new Double[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }

    /** Copies values, whatever the types and strides. */
    static void assign(INDArray from, INDArray to) {
        run(new Assign(from, to));
    }

    static void fill(INDArray a, double value) {
        run(new ScalarSet(a, null, a, value));
    }

    /** The values as another type, in a temporary of row-major order. */
    static Array cast(Array a, DataType type) {
        Array result = Array.allocate(type, a.shape());
        assign(a.nd(), result.nd());
        return result;
    }

    /** The sizes as ND4J wants them. */
    static long[] longs(int... values) {
        long[] result = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }
}
