package io.miniai.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The PNG samples that come with the examples, one zip for each data set. */
final class SampleData {
    private SampleData() {}

    /** Where the sample is; a copy of it where the examples run from a jar, since a zip in a zip cannot be read. */
    static Path of(KnownDataset dataset) {
        String name = dataset + "-sample.zip";
        URL url = SampleData.class.getResource(name);
        if (url == null) {
            throw new IllegalStateException(
                    name + " is missing beside the examples' classes. Build them again, or give --data DIR.");
        }
        return url.getProtocol().equals("file") ? file(url) : copy(url);
    }

    private static Path file(URL url) {
        try {
            URI uri = url.toURI();
            return Path.of(uri);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(url + " is no path of a file", e);
        }
    }

    private static Path copy(URL url) {
        try (InputStream in = url.openStream()) {
            Path copy = Files.createTempFile("miniai-", ".zip");
            copy.toFile().deleteOnExit();
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("The sample " + url + " could not be unpacked", e);
        }
    }
}
