package io.miniai.data.download;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, piece by piece with a time limit for each: the HTTP client itself limits only the time
 * until the headers, so that a server that falls silent later would be waited for for ever.
 */
final class ArrivedPieces implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private sealed interface Event permits Piece, End {}

    private record Piece(List<ByteBuffer> buffers) implements Event {}

    private record End(@Nullable Throwable error) implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(); // one is asked for at a time
    private final Duration patience;
    private Flow.@Nullable Subscription subscription;
    private boolean closed;

    ArrivedPieces(Duration patience) {
        this.patience = patience;
    }

    /**
     * Waits for the next piece.
     *
     * @return null at the end
     * @throws HttpTimeoutException if nothing comes in time
     * @throws IOException if the connection breaks
     */
    @Nullable
    List<ByteBuffer> next() throws IOException, InterruptedException {
        Event event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new HttpTimeoutException("nothing came for " + patience.toMillis() / 1000.0 + " s");
        }
        if (event instanceof Piece piece) {
            request();
            return piece.buffers;
        }
        Throwable error = ((End) event).error;
        if (error != null) {
            throw new IOException("the connection broke: " + error.getMessage(), error);
        }
        return null;
    }

    private synchronized void request() {
        if (subscription != null) {
            subscription.request(1);
        }
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Piece(buffers));
    }

    @Override
    public void onError(Throwable error) {
        events.add(new End(error));
    }

    @Override
    public void onComplete() {
        events.add(new End(null));
    }

    /** Drops what has not arrived, and with it the connection. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
