package io.miniai.data;

import io.miniai.data.download.Downloader;
import io.miniai.data.download.RemoteFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Fashion-MNIST: pieces of clothing, 60,000 to train on and 10,000 to test on, 28×28 grey.
 *
 * <pre>{@code
 * DatasetDict fashion = FashionMnist.open(Path.of("data/fashion-mnist"));
 * }</pre>
 *
 * <p>H. Xiao, K. Rasul, R. Vollgraf: <em>Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
 * Algorithms</em>, 2017 (arXiv:1708.07747).
 */
public final class FashionMnist {
    /** What the pieces are, by label. */
    public static final List<String> CLASS_NAMES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private static final PublishedDataset PUBLISHED = new PublishedDataset(
            "FashionMnist",
            CLASS_NAMES,
            List.of(
                    new RemoteFile(
                            "train-images-idx3-ubyte.gz",
                            47_040_016,
                            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
                    new RemoteFile(
                            "train-labels-idx1-ubyte.gz",
                            60_008,
                            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
                    new RemoteFile(
                            "t10k-images-idx3-ubyte.gz",
                            7_840_016,
                            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
                    new RemoteFile(
                            "t10k-labels-idx1-ubyte.gz",
                            10_008,
                            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")),
            List.of(
                    URI.create("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
                    URI.create("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/")));

    private FashionMnist() {}

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
     * @param dir receives 31 MB of originals and 70,000 PNG files
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
