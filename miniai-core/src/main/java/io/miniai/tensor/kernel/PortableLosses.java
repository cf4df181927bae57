package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;

/** Losses, averaged over everything. */
final class PortableLosses {
    private PortableLosses() {}

    /**
     * With s = x − max: loss = log Σ exp(s) − s[label], probabilities = exp(s) / Σ exp(s). ND4J's own loss takes
     * the logarithm of a probability, which is infinite once that is 0 in float32.
     */
    static void crossEntropy(Array logits, Array labels, Array probabilities, Array loss) {
        Array shifted = logits.allocateLike();
        Array sum = PortableReductions.reducedLike(logits, 1);
        Array rows = sum.allocateLike();
        INDArray p = probabilities.nd();
        PortableReductions.shift(logits, 1, sum, shifted);
        Ops.run(new Exp(shifted.flat(), probabilities.flat()));
        PortableReductions.reduce(Reduce.SUM, probabilities, new int[] {1}, sum);
        Ops.run("divide", new INDArray[] {p, sum.nd()}, p);
        Ops.run(new Log(sum.flat(), sum.flat()));
        PortableIndexing.gather(shifted, 1, labels.reshaped(labels.size(0), 1), rows);
        Ops.run("subtract", new INDArray[] {sum.flat(), rows.flat()}, rows.flat());
        PortableReductions.mean(rows, loss);
    }

    static void crossEntropyGrad(Array probabilities, Array labels, double scale, Array dx) {
        PortableIndexing.oneHot(labels, -scale, dx);
        INDArray z = dx.flat();
        Ops.run(new Axpy(probabilities.flat(), z, z, scale));
    }

    static void mse(Array a, Array b, Array loss) {
        Array squares = Array.allocate(a.type(), (int) a.length());
        Ops.run("squaredsubtract", new INDArray[] {a.flat(), b.flat()}, squares.flat());
        PortableReductions.mean(squares, loss);
    }

    static void l1(Array a, Array b, Array loss) {
        Array differences = Array.allocate(a.type(), (int) a.length());
        INDArray z = differences.flat();
        Ops.run("subtract", new INDArray[] {a.flat(), b.flat()}, z);
        Ops.run(new Abs(z, z));
        PortableReductions.mean(differences, loss);
    }
}
