package io.miniai.data.download;

import io.miniai.data.fault.DataException;
import io.miniai.data.fault.Faults;
import io.miniai.data.store.UnfinishedPath;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches published files into a folder, from one mirror after the other until one delivers what was published.
 *
 * <p>A file appears under its name only when all of it is there and its content is right, by a single rename; two
 * processes may fetch the same at once. An attempt that breaks off is taken up where it stopped, if the server can.
 *
 * @param mirrors folders to fetch from instead of the published mirrors; each ends with a slash; empty for those
 * @param connectTimeout for connecting
 * @param stallTimeout the longest silence of a server
 * @param attempts for each mirror
 * @param progress told of every piece
 */
public record Downloader(
        List<URI> mirrors, Duration connectTimeout, Duration stallTimeout, int attempts, DownloadProgress progress) {
    private static final Logger LOG = LoggerFactory.getLogger(Downloader.class);
    private static final long GZIP_OVERHEAD = 1 << 20; // gzip may make a file longer, but not by much

    /** Checks the settings. */
    public Downloader {
        mirrors = List.copyOf(mirrors);
        for (URI mirror : mirrors) {
            String address = mirror.toString();
            if (!(address.startsWith("http://") || address.startsWith("https://")) || !address.endsWith("/")) {
                throw new IllegalArgumentException(
                        "mirrors: expected http(s) addresses of folders, with a slash at the end; got " + address);
            }
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: expected at least 1, got " + attempts);
        }
    }

    /** The published mirrors, 20 s for connecting, 30 s of silence, 3 attempts each, progress in the log. */
    public static Downloader standard() {
        return new Downloader(List.of(), Duration.ofSeconds(20), Duration.ofSeconds(30), 3, new LoggedProgress());
    }

    /** The same, from other mirrors: folders that hold the files under their published names. */
    public Downloader mirrors(URI... folders) {
        return new Downloader(List.of(folders), connectTimeout, stallTimeout, attempts, progress);
    }

    /** The same with other time limits. */
    public Downloader timeouts(Duration connect, Duration stall) {
        return new Downloader(mirrors, connect, stall, attempts, progress);
    }

    /** The same, telling somebody else of the progress. */
    public Downloader progress(DownloadProgress listener) {
        return new Downloader(mirrors, connectTimeout, stallTimeout, attempts, listener);
    }

    /**
     * Fetches the files that are not there yet, or are not what was published.
     *
     * @param files what to fetch
     * @param published folders that hold them, each ending with a slash
     * @param dir receives them; made if it is not there
     * @throws DataException if no mirror delivers, with the reason for each, or the folder cannot be written
     */
    public void fetch(List<RemoteFile> files, List<URI> published, Path dir) {
        try {
            Files.createDirectories(dir);
        } catch (IOException e) {
            throw Faults.unwritable(dir.toString(), e);
        }
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        for (RemoteFile file : files) {
            fetch(client, file, mirrors.isEmpty() ? published : mirrors, dir.resolve(file.name()));
        }
    }

    private void fetch(HttpClient client, RemoteFile file, List<URI> folders, Path target) {
        if (Files.exists(target) && fault(target, file) == null) {
            return;
        }
        Transfer transfer = new Transfer(client, stallTimeout, progress, target, file.contentBytes() + GZIP_OVERHEAD);
        List<String> reasons = new ArrayList<>();
        for (URI folder : folders) {
            URI address = folder.resolve(file.name());
            LOG.info("Fetching {}", address);
            if (fetch(transfer, address, file, target, reasons)) {
                return;
            }
        }
        throw Faults.downloadFailed(target.toString(), reasons);
    }

    private boolean fetch(Transfer transfer, URI address, RemoteFile file, Path target, List<String> reasons) {
        Path part = UnfinishedPath.beside(target);
        try {
            for (int attempt = 1; attempt <= attempts; attempt++) {
                try {
                    transfer.run(address, part);
                    String fault = fault(part, file);
                    if (fault == null) {
                        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                        return true;
                    }
                    reasons.add(address + ": " + fault);
                    Files.delete(part); // the next attempt starts anew
                } catch (TransferException e) {
                    reasons.add(address + ": " + e.getMessage());
                    if (!e.retry()) {
                        return false;
                    }
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException(target + ": the download was interrupted.", e);
        } catch (IOException e) {
            throw Faults.unwritable(target.toString(), e);
        } finally {
            UnfinishedPath.delete(part);
        }
    }

    private static @Nullable String fault(Path gzip, RemoteFile expected) {
        try {
            return ContentCheck.fault(gzip, expected);
        } catch (IOException e) {
            throw Faults.unreadable(gzip.toString(), e);
        }
    }
}
