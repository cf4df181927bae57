package io.miniai.data.download;

import static io.miniai.data.download.BadServer.all;
import static io.miniai.data.download.BadServer.allOrRange;
import static io.miniai.data.download.BadServer.breaksOff;
import static io.miniai.data.download.BadServer.cutShort;
import static io.miniai.data.download.BadServer.partial;
import static io.miniai.data.download.BadServer.redirect;
import static io.miniai.data.download.BadServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.fault.DataException;
import io.miniai.data.idx.IdxFiles;
import io.miniai.data.store.UnfinishedPath;
import io.miniai.tensor.Rng;
import io.miniai.testing.SmallDisk;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server that does what servers do. */
@Timeout(60)
class DownloaderTest {
    @TempDir
    Path dir;

    private final byte[] content = new byte[200_000];
    private final byte[] gzip;
    private final RemoteFile file;
    private final List<BadServer> servers = new ArrayList<>();
    private final Downloader downloader =
            new Downloader(List.of(), Duration.ofSeconds(5), Duration.ofSeconds(30), 3, (name, bytes, total) -> {});

    DownloaderTest() throws Exception {
        Rng rng = Rng.of(8);
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) rng.nextInt(256); // does not compress, so that it arrives in several pieces
        }
        gzip = IdxFiles.gzip(content);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        file = new RemoteFile("data.gz", content.length, sha256);
    }

    @AfterEach
    void stopServers() {
        servers.forEach(BadServer::close);
    }

    private BadServer server(BadServer.Answer... answers) {
        BadServer server = new BadServer(answers);
        servers.add(server);
        return server;
    }

    private void fetch(BadServer... mirrors) {
        fetch(downloader, mirrors);
    }

    private void fetch(Downloader with, BadServer... mirrors) {
        with.fetch(List.of(file), Arrays.stream(mirrors).map(BadServer::folder).toList(), dir);
    }

    private void assertFetched() throws IOException {
        assertThat(names()).containsExactly("data.gz");
        assertThat(dir.resolve("data.gz")).hasBinaryContent(gzip);
    }

    private List<String> names() throws IOException {
        return names(dir);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(p -> p.getFileName().toString()).toList();
        }
    }

    @Test
    void fetches_a_file_and_tells_how_far_it_is() throws IOException {
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        BadServer server = server(all(gzip));
        fetch(
                downloader.progress((name, bytes, total) -> {
                    assertThat(name).isEqualTo("data.gz");
                    assertThat(total).isEqualTo(gzip.length);
                    told.add(bytes);
                }),
                server);
        assertFetched();
        assertThat(told).isSorted().endsWith((long) gzip.length);
        assertThat(server.ranges).containsExactly("");
    }

    @Test
    void makes_the_folder() {
        Path deeper = dir.resolve("a").resolve("b");
        downloader.fetch(List.of(file), List.of(server(all(gzip)).folder()), deeper);
        assertThat(deeper.resolve("data.gz")).hasBinaryContent(gzip);
    }

    @Test
    void asks_nobody_when_the_right_file_is_there() throws IOException {
        Files.write(dir.resolve("data.gz"), gzip);
        BadServer server = server(all(gzip));
        fetch(server);
        assertThat(server.ranges).isEmpty();
    }

    @Test
    void replaces_a_file_that_is_not_what_was_published() throws IOException {
        Files.write(dir.resolve("data.gz"), Arrays.copyOf(gzip, 1000));
        fetch(server(all(gzip)));
        assertFetched();
    }

    @Test
    void prefers_mirrors_given_by_the_user() throws IOException {
        BadServer published = server(all(gzip));
        BadServer own = server(all(gzip));
        fetch(downloader.mirrors(own.folder()), published);
        assertFetched();
        assertThat(published.ranges).isEmpty();
    }

    @Test
    void goes_on_where_a_connection_broke_off() throws IOException {
        BadServer server = server(breaksOff(gzip, 50_000), allOrRange(gzip));
        fetch(server);
        assertFetched();
        assertThat(server.ranges).hasSize(2);
        assertThat(server.ranges.get(1)).matches("bytes=[1-9][0-9]*-");
    }

    @Test
    void starts_anew_when_the_server_knows_no_ranges() throws IOException {
        BadServer server = server(breaksOff(gzip, 50_000), all(gzip));
        fetch(server);
        assertFetched();
        assertThat(server.ranges).hasSize(2);
    }

    @Test
    void does_not_believe_a_range_it_did_not_ask_for() throws IOException {
        BadServer server = server(breaksOff(gzip, 50_000), partial(gzip, 10, 10), allOrRange(gzip));
        fetch(server);
        assertFetched();
        assertThat(server.ranges).hasSize(3);
    }

    @Test
    void begins_anew_where_a_server_refuses_to_go_on() throws IOException {
        BadServer server = server(breaksOff(gzip, 50_000), status(416), all(gzip));
        fetch(server);
        assertFetched();
        assertThat(server.ranges).hasSize(3).last().isEqualTo("");
    }

    @Test
    void notices_wrong_bytes_after_going_on_and_starts_anew() throws IOException {
        byte[] other = gzip.clone();
        other[gzip.length - 20] ^= 1;
        BadServer server = server(breaksOff(gzip, 50_000), allOrRange(other), all(gzip));
        fetch(server);
        assertFetched();
        assertThat(server.ranges.get(2)).isEmpty();
    }

    @Test
    void takes_the_next_mirror_when_a_file_is_not_found() throws IOException {
        BadServer first = server(status(404));
        fetch(first, server(all(gzip)));
        assertFetched();
        assertThat(first.ranges).hasSize(1);
    }

    @Test
    void tries_a_failing_server_again() throws IOException {
        fetch(server(status(500), status(503), all(gzip)));
        assertFetched();
    }

    @Test
    void follows_a_redirect() throws IOException {
        BadServer target = server(all(gzip));
        fetch(server(redirect(target.folder() + "elsewhere")));
        assertFetched();
    }

    @Test
    void says_what_each_mirror_did_when_none_delivers() throws IOException {
        BadServer notThere = server(status(404));
        BadServer broken = server(status(500));
        BadServer wrong = server(all(IdxFiles.gzip(new byte[] {1, 2, 3})));
        assertThatThrownBy(() -> fetch(notThere, broken, wrong))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(dir.resolve("data.gz") + ": could not be downloaded.\n  " + notThere.folder()
                        + "data.gz: answered with status 404\n  " + broken.folder()
                        + "data.gz: answered with status 500\n")
                .hasMessageContaining(wrong.folder() + "data.gz: is not what was published (SHA-256 ")
                .hasMessageEndingWith(
                        "\nNothing half-written counts as done; call download again, or put the file there by hand.");
        assertThat(names()).isEmpty();
    }

    @Test
    void refuses_content_that_is_no_gzip_cut_short_or_too_long() {
        assertThatThrownBy(() ->
                        fetch(server(all("<html>Sign in</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8)))))
                .hasMessageContaining("data.gz: is not gzip data, or damaged");
        assertThatThrownBy(() -> fetch(server(cutShort(gzip, 100_000)))).hasMessageContaining("data.gz: is cut short");
        assertThatThrownBy(() -> fetch(server(all(IdxFiles.gzip(new byte[content.length + 1])))))
                .hasMessageContaining("data.gz: unpacks to more than the published 200000 bytes");
    }

    @Test
    void refuses_more_bytes_than_the_file_can_have() {
        byte[] endless = new byte[3 << 20];
        assertThatThrownBy(() -> fetch(server(all(endless))))
                .hasMessageContaining("data.gz: announces 3145728 bytes, more than the file can have");
        BadServer.Answer unannounced = exchange -> {
            exchange.sendResponseHeaders(200, 0); // chunked
            exchange.getResponseBody().write(endless);
        };
        assertThatThrownBy(() -> fetch(server(unannounced)))
                .hasMessageContaining("data.gz: sends more bytes than the file can have");
    }

    @Test
    void gives_up_a_redirect_loop() {
        BadServer server = server(redirect("/data.gz"));
        assertThatThrownBy(() -> fetch(server))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("data.gz: redirects in a loop, or to where it should not");
    }

    @Test
    void gives_up_a_server_that_says_nothing_or_stops_in_the_middle() throws IOException {
        Downloader impatient =
                new Downloader(List.of(), Duration.ofSeconds(5), Duration.ofMillis(300), 1, (name, bytes, total) -> {});
        BadServer silent = server(e -> servers.get(0).stalls(gzip, -1).give(e));
        assertThatThrownBy(() -> fetch(impatient, silent))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("data.gz: request timed out");
        BadServer stalling = server(e -> servers.get(1).stalls(gzip, 50_000).give(e));
        assertThatThrownBy(() -> fetch(impatient, stalling))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("data.gz: nothing came for 0.3 s");
        assertThat(names()).isEmpty();
    }

    @Test
    void goes_on_after_a_server_that_stopped_in_the_middle() throws IOException {
        Downloader impatient = downloader.timeouts(Duration.ofSeconds(5), Duration.ofSeconds(1));
        BadServer server = server(e -> servers.get(0).stalls(gzip, 50_000).give(e), allOrRange(gzip));
        fetch(impatient, server);
        assertFetched();
        assertThat(server.ranges.get(1)).startsWith("bytes=");
    }

    @Test
    void says_that_nobody_answers() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = URI.create("http://localhost:" + socket.getLocalPort() + "/");
        }
        assertThatThrownBy(() -> downloader.fetch(List.of(file), List.of(nobody), dir))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(nobody + "data.gz: ")
                .hasMessageContaining("could not be downloaded");
    }

    @Test
    void ends_when_interrupted_and_leaves_nothing() throws Exception {
        BadServer server = server(e -> servers.get(0).stalls(gzip, 50_000).give(e));
        Thread fetching = Thread.currentThread();
        Thread other = new Thread(() -> {
            while (server.ranges.isEmpty()) {
                Thread.onSpinWait();
            }
            fetching.interrupt();
        });
        other.start();
        assertInterrupted(() -> fetch(server));
        other.join();
    }

    @Test
    void ends_when_interrupted_before_it_starts() throws IOException {
        Thread.currentThread().interrupt();
        assertInterrupted(() -> fetch(server(all(gzip))));
    }

    @Test
    void ends_when_interrupted_while_it_writes() throws IOException {
        assertInterrupted(() -> fetch(
                downloader.progress(
                        (name, bytes, total) -> Thread.currentThread().interrupt()),
                server(all(gzip))));
    }

    @Test
    void ends_when_interrupted_behind_the_last_byte() throws IOException {
        Downloader late = downloader.progress((name, bytes, total) -> {
            if (bytes == total) {
                Thread.currentThread().interrupt();
            }
        });
        assertInterrupted(() -> fetch(late, server(all(gzip))));
    }

    private void assertInterrupted(ThrowingCallable fetch) throws IOException {
        assertThatThrownBy(fetch)
                .isInstanceOf(DataException.class)
                .hasMessage(dir.resolve("data.gz") + ": the download was interrupted.");
        assertThat(Thread.interrupted()).as("interrupt flag").isTrue(); // cleared, for what comes
        assertThat(names()).isEmpty();
    }

    @Test
    void ends_with_one_good_file_when_two_fetch_at_once() throws Exception {
        BadServer server = server(all(gzip));
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads =
                Stream.generate(() -> new Thread(() -> fetch(server))).limit(4).toList();
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((t, e) -> failures.add(e)));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertFetched();
    }

    @Test
    void says_that_a_connection_broke_off() {
        Downloader once =
                new Downloader(List.of(), Duration.ofSeconds(5), Duration.ofSeconds(30), 1, (name, bytes, total) -> {});
        assertThatThrownBy(() -> fetch(once, server(breaksOff(gzip, 50_000))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("data.gz: the connection broke: ");
    }

    @Test
    void says_that_the_folder_vanished_and_makes_it_again_at_the_next_try() throws IOException {
        try (SmallDisk disk = new SmallDisk(500_000, 1)) {
            Path folder = disk.folder().resolve("data");
            BadServer server = server(all(gzip));
            Downloader unlucky = downloader.progress((name, bytes, total) -> UnfinishedPath.delete(folder));
            assertThatThrownBy(() -> unlucky.fetch(List.of(file), List.of(server.folder()), folder))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("/work/data/data.gz");
            assertThat(folder).doesNotExist();
            downloader.fetch(List.of(file), List.of(server.folder()), folder);
            assertThat(names(folder)).containsExactly("data.gz");
        }
    }

    @Test
    void says_that_the_disk_is_full_leaves_nothing_and_succeeds_once_there_is_room() throws IOException {
        try (SmallDisk disk = new SmallDisk(100_000, 200_000)) {
            Path folder = disk.folder();
            BadServer server = server(all(gzip));
            BadServer mirror = server(all(gzip));
            assertThatThrownBy(() -> downloader.fetch(List.of(file), List.of(server.folder(), mirror.folder()), folder))
                    .isInstanceOf(DataException.class)
                    .hasMessage("/work/data.gz: cannot be written: out of disk space. Check free space and permissions;"
                            + " nothing half-written is left.");
            assertThat(mirror.ranges).as("no other mirror would help").isEmpty();
            assertThat(names(folder)).containsExactly("ballast");

            disk.makeRoom();
            downloader.fetch(List.of(file), List.of(server.folder()), folder);
            assertThat(names(folder)).containsExactly("data.gz");
            assertThat(folder.resolve("data.gz")).hasBinaryContent(gzip);
        }
    }

    @Test
    void a_full_disk_leaves_the_file_that_was_there() throws IOException {
        try (SmallDisk disk = new SmallDisk(100_000, 1)) {
            byte[] old = Arrays.copyOf(gzip, 1000);
            Files.write(disk.folder().resolve("data.gz"), old);
            BadServer server = server(all(gzip));
            assertThatThrownBy(() -> downloader.fetch(List.of(file), List.of(server.folder()), disk.folder()))
                    .isInstanceOf(DataException.class);
            assertThat(names(disk.folder())).containsExactlyInAnyOrder("ballast", "data.gz");
            assertThat(disk.folder().resolve("data.gz")).hasBinaryContent(old);
        }
    }

    @Test
    void says_that_the_folder_cannot_be_written() throws IOException {
        Path occupied = Files.writeString(dir.resolve("taken"), "a file, no folder");
        assertThatThrownBy(() -> downloader.fetch(
                        List.of(file), List.of(server(all(gzip)).folder()), occupied))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(occupied + ": cannot be written: ");
    }
}
