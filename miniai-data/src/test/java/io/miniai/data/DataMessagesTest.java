package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.download.Downloader;
import io.miniai.data.image.ImageFormat;
import io.miniai.data.store.Limits;
import io.miniai.learn.Batch;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** What the settings of data say when they are wrong; docs/errors.md lists the texts. */
class DataMessagesTest {
    @Test
    void says_what_is_wrong_with_settings() {
        assertThatThrownBy(() -> new ImageFormat(1, 0, 5)).hasMessage("image size: expected 1 to 2^31 pixels, got 0×5");
        assertThatThrownBy(() -> new Limits(1, 1L << 31, 1, 1))
                .hasMessage("maxFileBytes: expected less than 2 GiB, got 2147483648");
        assertThatThrownBy(() -> new Downloader(List.of(), Duration.ZERO, Duration.ZERO, 0, (name, bytes, total) -> {}))
                .hasMessage("attempts: expected at least 1, got 0");
        for (String mirror : List.of("file:///data/", "http://mirror.org/data", "data/")) {
            assertThatThrownBy(() -> Downloader.standard().mirrors(URI.create(mirror)))
                    .hasMessage(
                            "mirrors: expected http(s) addresses of folders, with a slash at the end; got " + mirror);
        }
        assertThatThrownBy(() -> PngFolder.at(Path.of("pets")).classNames(List.of("cat", "dog", "cat")))
                .hasMessage("classNames: expected each name once, got [cat, dog, cat]");
    }

    @Test
    void says_that_an_epoch_is_over() {
        ImageDataset one = ImageDataset.of(new ImageFormat(1, 2, 2), new byte[4], new int[1], List.of("a"));
        try (DataLoader loader = DataLoader.of(one).batchSize(1).build()) {
            Iterator<Batch> batches = loader.iterator();
            batches.next();
            assertThatThrownBy(batches::next)
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("the epoch has no more batches");
        }
    }
}
