package io.miniai.data.download;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each quarter of a download; for one file at a time. */
final class LoggedProgress implements DownloadProgress {
    private static final Logger LOG = LoggerFactory.getLogger(Downloader.class);

    private String current = "";
    private long quarter;

    @Override
    public synchronized void update(String file, long bytes, long total) {
        if (!file.equals(current)) {
            current = file;
            quarter = 0;
        }
        if (total > 0 && bytes * 4 / total > quarter) {
            quarter = bytes * 4 / total;
            LOG.info("{}: {} % of {} KB", file, quarter * 25, total / 1000);
        }
    }
}
