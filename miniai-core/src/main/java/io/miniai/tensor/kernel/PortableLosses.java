package io.miniai.tensor.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.floating.AMean;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Mean;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;

/** Losses, averaged over everything. */
final class PortableLosses {
    private PortableLosses() {}

    static void crossEntropy(Array logits, Array labels, Array probabilities, Array loss) {
        Array rows = Array.allocate(logits.type(), logits.size(0));
        Ops.run("sparse_softmax_cross_entropy_loss_with_logits", new INDArray[] {labels.nd(), logits.nd()}, rows.nd());
        Ops.run("softmax", new INDArray[] {logits.nd()}, probabilities.nd(), 1);
        Ops.run(new Mean(rows.nd(), loss.nd(), true, 0));
    }

    static void crossEntropyGrad(Array probabilities, Array labels, double scale, Array dx) {
        PortableIndexing.oneHot(labels, -scale, dx);
        INDArray z = dx.flat();
        Ops.run(new Axpy(probabilities.flat(), z, z, scale));
    }

    static void mse(Array a, Array b, Array loss) {
        INDArray squares = Array.allocate(a.type(), (int) a.length()).nd();
        Ops.run("squaredsubtract", new INDArray[] {a.flat(), b.flat()}, squares);
        Ops.run(new Mean(squares, loss.nd(), true, 0));
    }

    static void l1(Array a, Array b, Array loss) {
        INDArray differences = Array.allocate(a.type(), (int) a.length()).nd();
        Ops.run("subtract", new INDArray[] {a.flat(), b.flat()}, differences);
        Ops.run(new AMean(differences, loss.nd(), true, 0));
    }
}
