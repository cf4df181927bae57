package io.miniai.data;

import io.miniai.data.download.Downloader;
import io.miniai.data.download.RemoteFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * MNIST: handwritten digits, 60,000 to train on and 10,000 to test on, 28×28 grey.
 *
 * <pre>{@code
 * DatasetDict mnist = Mnist.open(Path.of("data/mnist")).split(50_000, 10_000);
 * Tensor three = mnist.train().get(7).image();   // [1, 28, 28]
 * }</pre>
 *
 * <p>Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: <em>Gradient-based learning applied to document recognition</em>, 1998.
 */
public final class Mnist {
    /** The digits by label. */
    public static final List<String> CLASS_NAMES = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    private static final PublishedDataset PUBLISHED = new PublishedDataset(
            "Mnist",
            CLASS_NAMES,
            List.of(
                    new RemoteFile(
                            "train-images-idx3-ubyte.gz",
                            47_040_016,
                            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
                    new RemoteFile(
                            "train-labels-idx1-ubyte.gz",
                            60_008,
                            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
                    new RemoteFile(
                            "t10k-images-idx3-ubyte.gz",
                            7_840_016,
                            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                    new RemoteFile(
                            "t10k-labels-idx1-ubyte.gz",
                            10_008,
                            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
            List.of(
                    URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                    URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/")));

    private Mnist() {}

    /**
     * Opens the PNG files in a folder: {@code train/<label>/<n>.png} and {@code test/<label>/<n>.png}, or a zip of
     * them. Where only the four {@code *-ubyte.gz} originals are, they are turned into PNG files first, once.
     *
     * @param dir the folder, or the zip
     * @return its train and test part, in the order of the originals when files are numbered like them
     * @throws io.miniai.data.fault.DataException if there is nothing to open, or it is damaged
     */
    public static DatasetDict open(Path dir) {
        return PUBLISHED.open(dir);
    }

    /**
     * Fetches the originals from their public mirrors where they are missing, and opens them.
     *
     * @param dir receives 11 MB of originals and 70,000 PNG files
     * @throws io.miniai.data.fault.DataException if no mirror delivers
     */
    public static DatasetDict download(Path dir) {
        return download(dir, Downloader.standard());
    }

    /** The same with mirrors, time limits or progress of your own. */
    public static DatasetDict download(Path dir, Downloader downloader) {
        return PUBLISHED.download(dir, downloader);
    }
}
