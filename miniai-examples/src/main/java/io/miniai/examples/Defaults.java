package io.miniai.examples;

/**
 * What an example does when it is not told otherwise.
 *
 * @param dataset what it is trained on
 * @param epochs passes over the full data; 0 when it trains nothing
 * @param lr learning rate
 * @param batchSize images in a batch
 */
record Defaults(KnownDataset dataset, int epochs, double lr, int batchSize) {
    /** For the help. */
    String text() {
        return epochs == 0
                ? "Defaults: --dataset " + dataset
                        + ". It trains nothing, so --epochs, --lr, --batch-size and --workers change nothing."
                : "Defaults: --dataset " + dataset + " --epochs " + epochs + " --lr " + lr + " --batch-size "
                        + batchSize
                        + ". On the sample there are as many more epochs as it has fewer images: just as many steps.";
    }
}
