package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.miniai.data.download.Downloader;
import io.miniai.data.download.RemoteFile;
import io.miniai.data.fault.DataException;
import io.miniai.data.idx.IdxFiles;
import io.miniai.data.image.PngFiles;
import io.miniai.testing.SmallDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening MNIST and Fashion-MNIST in the forms in which they are found. */
class PublishedDatasetTest {
    @TempDir
    Path dir;

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertIsTheSmallDataset(DatasetDict dict) {
        assertThat(dict.train().size()).isEqualTo(25);
        assertThat(dict.test().size()).isEqualTo(12);
        for (int i = 0; i < 25; i++) { // in the order of the originals
            Sample sample = dict.train().get(i);
            assertThat(sample.label()).isEqualTo(i % 10);
            assertThat(sample.pixel(0, 0, 0)).isEqualTo(i);
            assertThat(sample.pixel(0, 0, 3)).isEqualTo(i + 3);
        }
    }

    @Test
    void turns_the_originals_into_PNG_files_once() throws IOException {
        IdxFiles.writeOriginals(dir, 25, 12);
        assertIsTheSmallDataset(Mnist.open(dir));
        Path one = dir.resolve("png").resolve("train").resolve("3").resolve("13.png");
        assertThat(one).exists();
        assertThat(names(dir))
                .containsExactly(
                        "png",
                        "t10k-images-idx3-ubyte.gz",
                        "t10k-labels-idx1-ubyte.gz",
                        "train-images-idx3-ubyte.gz",
                        "train-labels-idx1-ubyte.gz");
        FileTime written = Files.getLastModifiedTime(one);
        assertIsTheSmallDataset(Mnist.open(dir));
        assertThat(Files.getLastModifiedTime(one)).isEqualTo(written);
        assertIsTheSmallDataset(Mnist.open(dir.resolve("png")));
    }

    @Test
    void ends_with_one_good_copy_when_several_prepare_at_once() throws Exception {
        IdxFiles.writeOriginals(dir, 25, 12);
        CyclicBarrier start = new CyclicBarrier(4);
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> new Thread(() -> {
                    try {
                        start.await();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    assertIsTheSmallDataset(Mnist.open(dir));
                }))
                .toList();
        List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((t, e) -> failures.add(e)));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(names(dir)).hasSize(5).contains("png");
        assertIsTheSmallDataset(Mnist.open(dir));
    }

    /** Opens a dataset and says how many images it has. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] args) {
            DatasetDict dict = Mnist.open(Path.of(args[0]));
            for (int i = 0; i < dict.train().size(); i++) {
                dict.train().get(i);
            }
            System.out.println("images=" + (dict.train().size() + dict.test().size()));
        }
    }

    @Test
    void ends_with_one_good_copy_when_two_processes_prepare_at_once() throws Exception {
        IdxFiles.writeOriginals(dir, 25, 12);
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Opener.class.getName(),
                            dir.toString())
                    .redirectErrorStream(true)
                    .start());
        }
        for (Process p : processes) {
            String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(p.waitFor()).as(said).isZero();
            assertThat(said).contains("images=37");
        }
        assertThat(names(dir)).hasSize(5).contains("png");
        assertIsTheSmallDataset(Mnist.open(dir));
    }

    @Test
    void leaves_nothing_half_made_when_an_original_is_damaged() throws IOException {
        IdxFiles.writeOriginals(dir, 25, 12);
        Files.write(dir.resolve("t10k-labels-idx1-ubyte.gz"), IdxFiles.gzip(IdxFiles.labels(11)));
        assertThatThrownBy(() -> Mnist.open(dir))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holds 12 images, but")
                .hasMessageContaining("t10k-labels-idx1-ubyte.gz holds 11 labels");
        assertThat(names(dir)).hasSize(4);
        Files.write(dir.resolve("t10k-labels-idx1-ubyte.gz"), IdxFiles.gzip(IdxFiles.labels(12)));
        assertIsTheSmallDataset(Mnist.open(dir));
    }

    @Test
    void leaves_nothing_half_made_when_the_folder_may_not_be_written() throws IOException {
        IdxFiles.writeOriginals(dir, 25, 12);
        assertThatThrownBy(() -> Mnist.open(DeniedFolders.below(dir, ".unfinished")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(": cannot be written: ")
                .hasMessageContaining(". Check free space and permissions; nothing half-written is left.");
        assertThat(names(dir)).hasSize(4);
    }

    @Test
    void leaves_nothing_half_made_when_the_disk_is_full_and_makes_all_once_there_is_room() throws IOException {
        try (SmallDisk disk = new SmallDisk(40_000, 100_000)) {
            IdxFiles.writeOriginals(disk.folder(), 25, 12);
            assertThatThrownBy(() -> Mnist.open(disk.folder()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(".png: cannot be written: out of disk space. Check free space");
            assertThat(names(disk.folder())).hasSize(5).contains("ballast").doesNotContain("png");
            disk.makeRoom();
            assertIsTheSmallDataset(Mnist.open(disk.folder()));
        }
    }

    @Test
    void clears_away_what_a_killed_process_left_long_ago_and_nothing_newer() throws IOException {
        IdxFiles.writeOriginals(dir, 25, 12);
        Path old = Files.createDirectories(dir.resolve("png.1234.unfinished"));
        Files.writeString(old.resolve("x"), "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(2 * 24 * 3600)));
        Path fresh = Files.createDirectories(dir.resolve("png.5678.unfinished"));
        Mnist.open(dir);
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void leaves_alone_what_is_from_the_future_since_clocks_go_backwards() throws IOException {
        IdxFiles.writeOriginals(dir, 25, 12);
        Path original = dir.resolve("train-images-idx3-ubyte.gz");
        Path begun = Files.createDirectories(dir.resolve("png.1234.unfinished"));
        for (Path path : List.of(original, begun)) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(10L * 365 * 24 * 3600)));
        }
        assertIsTheSmallDataset(Mnist.open(dir));
        assertIsTheSmallDataset(Mnist.open(dir));
        assertThat(begun).exists();
    }

    @Test
    void reads_originals_that_are_not_gzipped() throws IOException {
        Files.write(dir.resolve("train-images-idx3-ubyte"), IdxFiles.images(25));
        Files.write(dir.resolve("train-labels-idx1-ubyte"), IdxFiles.labels(25));
        Files.write(dir.resolve("t10k-images-idx3-ubyte"), IdxFiles.images(12));
        Files.write(dir.resolve("t10k-labels-idx1-ubyte"), IdxFiles.labels(12));
        assertIsTheSmallDataset(Mnist.open(dir));
    }

    @Test
    void opens_a_tree_or_a_zip_that_is_there_already() throws IOException {
        Path png = dir.resolve("training").resolve("9").resolve("5.png");
        Files.createDirectories(png.getParent());
        Files.write(png, PngFiles.grey28(5));
        DatasetDict tree = FashionMnist.open(dir);
        assertThat(tree.classNames().get(tree.train().label(0))).isEqualTo("Ankle boot");

        Path other = Files.createDirectories(dir.resolve("other"));
        Path zip = other.resolve("fashion.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            byte[] content = PngFiles.grey28(5);
            ZipEntry entry = new ZipEntry("train/9/5.png");
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
            out.putNextEntry(entry);
            out.write(content);
        }
        for (Path path : List.of(other, zip)) {
            assertThat(FashionMnist.open(path).train().get(0).pixels())
                    .isEqualTo(tree.train().get(0).pixels());
        }
    }

    @Test
    void says_what_it_looked_for_and_how_to_get_it() throws IOException {
        Files.writeString(dir.resolve("notes.txt"), "x");
        assertThatThrownBy(() -> FashionMnist.open(dir))
                .isInstanceOf(DataException.class)
                .hasMessage(dir
                        + ": no FashionMnist here. Expected train/<label>/<n>.png and test/<label>/<n>.png, a zip of"
                        + " that, or the four *-ubyte.gz originals; found notes.txt."
                        + " FashionMnist.download(dir) fetches it.");
        assertThatThrownBy(() -> Mnist.open(dir.resolve("nowhere")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nowhere: no Mnist here.")
                .hasMessageContaining("found nothing. Mnist.download(dir) fetches it.");
    }

    @Test
    void says_which_original_is_missing() throws IOException {
        IdxFiles.writeOriginals(dir, 25, 12);
        Files.delete(dir.resolve("t10k-images-idx3-ubyte.gz"));
        assertThatThrownBy(() -> Mnist.open(dir))
                .isInstanceOf(DataException.class)
                .hasMessage(dir.resolve("t10k-images-idx3-ubyte.gz")
                        + ": missing beside the other originals of Mnist. Mnist.download(dir) completes them.");
    }

    @Test
    void fetches_the_originals_and_opens_them() throws Exception {
        Path published = Files.createDirectories(dir.resolve("published"));
        IdxFiles.writeOriginals(published, 25, 12);
        PublishedDataset small = new PublishedDataset(
                "Mnist",
                Mnist.CLASS_NAMES,
                List.of(
                        remote("train-images-idx3-ubyte.gz", IdxFiles.images(25)),
                        remote("train-labels-idx1-ubyte.gz", IdxFiles.labels(25)),
                        remote("t10k-images-idx3-ubyte.gz", IdxFiles.images(12)),
                        remote("t10k-labels-idx1-ubyte.gz", IdxFiles.labels(12))),
                List.of());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] bytes = Files.readAllBytes(
                        published.resolve(exchange.getRequestURI().getPath().substring(1)));
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        Path fetched = dir.resolve("fetched");
        URI mirror = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
        try {
            assertIsTheSmallDataset(
                    small.download(fetched, Downloader.standard().mirrors(mirror)));
        } finally {
            server.stop(0);
        }
        assertIsTheSmallDataset(small.download(fetched, Downloader.standard().mirrors(mirror))); // needs no server
        assertIsTheSmallDataset(small.open(fetched));
    }

    private static RemoteFile remote(String name, byte[] content) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return new RemoteFile(name, content.length, HexFormat.of().formatHex(digest));
    }

    @Test
    void refuses_images_that_were_made_of_another_datasets_originals() throws IOException {
        IdxFiles.writeOriginals(dir, 25, 12);
        FashionMnist.open(dir);
        assertIsTheSmallDataset(FashionMnist.open(dir));
        assertThatThrownBy(() -> Mnist.open(dir))
                .isInstanceOf(DataException.class)
                .hasMessage(dir.resolve("png")
                        + ": expected the images of Mnist, these are of FashionMnist. Use another folder.");
    }

    @Test
    void prefers_the_originals_to_a_zip_of_something_else() throws IOException {
        IdxFiles.writeOriginals(dir, 25, 12);
        Files.write(dir.resolve("notes.zip"), new byte[] {1, 2, 3});
        assertIsTheSmallDataset(Mnist.open(dir));
    }

    @Test
    void refuses_originals_of_two_sizes_before_it_writes_anything() throws IOException {
        IdxFiles.writeOriginals(dir, 25, 12);
        Path test = dir.resolve("t10k-images-idx3-ubyte.gz");
        Files.write(test, IdxFiles.gzip(IdxFiles.idx(0x803, new int[] {12, 2, 2}, new byte[48])));
        assertThatThrownBy(() -> Mnist.open(dir))
                .isInstanceOf(DataException.class)
                .hasMessage(test + ": expected images of 28×28 grey like those to train on, got 2×2 grey."
                        + " Fetch both again.");
        assertThat(dir.resolve("png")).doesNotExist();
    }
}
