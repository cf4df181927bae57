package io.miniai.data.download;

import io.miniai.data.fault.DataException;
import io.miniai.data.fault.Faults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;

/** Fetches one address into a file, going on where an earlier attempt broke off if the server can. */
final class Transfer {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final HttpClient client;
    private final Duration patience;
    private final DownloadProgress progress;
    private final Path target;
    private final long maxBytes;

    Transfer(HttpClient client, Duration patience, DownloadProgress progress, Path target, long maxBytes) {
        this.client = client;
        this.patience = patience;
        this.progress = progress;
        this.target = target;
        this.maxBytes = maxBytes;
    }

    /**
     * Fetches what is missing.
     *
     * @param part the file; what it holds came from the same address
     * @throws TransferException if not everything arrived
     */
    void run(URI address, Path part) throws TransferException, InterruptedException {
        try (FileChannel out = open(part)) {
            long have = size(out);
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(address, have);
            try (ArrivedPieces pieces = new ArrivedPieces(patience)) {
                response.body().subscribe(pieces);
                long start = startOf(response, have);
                if (start < 0) {
                    truncate(out, 0); // the next attempt begins anew
                    throw new TransferException("answered with status " + response.statusCode(), true);
                }
                truncate(out, start);
                receive(pieces, out, start, total(response, start));
            }
        } catch (IOException e) {
            throw new TransferException(message(e), true);
        }
    }

    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(URI address, long have)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(patience);
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        return client.send(request.build(), BodyHandlers.ofPublisher());
    }

    /** Where the body belongs in the file: behind what is there, or at the start when the server sends everything; −1 if neither. */
    private static long startOf(HttpResponse<?> response, long have) throws TransferException {
        int status = response.statusCode();
        if (status == OK) {
            return 0;
        }
        String range = response.headers().firstValue("Content-Range").orElse("");
        if (status == PARTIAL && range.startsWith("bytes " + have + "-")) {
            return have;
        }
        if (status / 100 == 3) {
            throw new TransferException("redirects in a loop, or to where it should not", false);
        }
        if (status == PARTIAL || status == RANGE_NOT_SATISFIABLE) {
            return -1;
        }
        throw new TransferException("answered with status " + status, status / 100 == 5);
    }

    private static long total(HttpResponse<?> response, long start) {
        long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        return length < 0 ? -1 : start + length;
    }

    private void receive(ArrivedPieces pieces, FileChannel out, long start, long total)
            throws IOException, InterruptedException, TransferException {
        if (total > maxBytes) {
            throw new TransferException("announces " + total + " bytes, more than the file can have", false);
        }
        long have = start;
        for (List<ByteBuffer> buffers = pieces.next(); buffers != null; buffers = pieces.next()) {
            for (ByteBuffer buffer : buffers) {
                have += buffer.remaining();
                if (have > maxBytes) {
                    throw new TransferException("sends more bytes than the file can have", false);
                }
                write(out, buffer);
            }
            progress.update(target.getFileName().toString(), have, total);
        }
        if (total >= 0 && have < total) {
            throw new TransferException("sent " + have + " of " + total + " bytes", true);
        }
        try {
            out.force(true);
        } catch (IOException e) {
            throw failedWrite(e);
        }
    }

    private FileChannel open(Path part) {
        try {
            return FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw Faults.unwritable(target.toString(), e);
        }
    }

    private long size(FileChannel out) throws InterruptedException {
        try {
            return out.size();
        } catch (IOException e) {
            throw failedWrite(e);
        }
    }

    private void truncate(FileChannel out, long length) throws InterruptedException {
        try {
            out.truncate(length).position(length);
        } catch (IOException e) {
            throw failedWrite(e);
        }
    }

    private void write(FileChannel out, ByteBuffer buffer) throws InterruptedException {
        try {
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        } catch (IOException e) {
            throw failedWrite(e);
        }
    }

    /**
     * What a failed access to the file means. Not a {@link TransferException}: no other mirror helps against a full disk.
     *
     * @throws InterruptedException if the thread was interrupted, which closes a file channel at any access
     */
    private DataException failedWrite(IOException e) throws InterruptedException {
        if (e instanceof ClosedByInterruptException) {
            throw new InterruptedException();
        }
        return Faults.unwritable(target.toString(), e);
    }

    private static String message(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
