package io.miniai.data.download;

/** Told how far a download has come. */
@FunctionalInterface
public interface DownloadProgress {
    /**
     * Called after every piece that arrives.
     *
     * @param file its name
     * @param bytes how many are there
     * @param total how many there will be, or -1 if the server does not say
     */
    void update(String file, long bytes, long total);
}
