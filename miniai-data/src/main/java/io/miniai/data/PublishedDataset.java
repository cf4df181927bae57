package io.miniai.data;

import io.miniai.data.download.Downloader;
import io.miniai.data.download.RemoteFile;
import io.miniai.data.fault.Faults;
import io.miniai.data.idx.Originals;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A dataset that is published as four IDX files: opens the PNG files of it in a folder, makes them of the originals
 * there, fetches those.
 *
 * @param name of the class that opens it
 * @param classNames by label
 * @param originals what to fetch
 * @param mirrors from where
 */
record PublishedDataset(String name, List<String> classNames, List<RemoteFile> originals, List<URI> mirrors) {
    private static final String PNG_FOLDER = "png";

    DatasetDict open(Path dir) {
        return PngFolder.at(tree(dir)).channels(1).classNames(classNames).open();
    }

    DatasetDict download(Path dir, Downloader downloader) {
        if (existing(dir) == null && onlyZip(dir) == null) {
            downloader.fetch(originals, mirrors, dir);
        }
        return open(dir);
    }

    private Path tree(Path dir) {
        Path existing = existing(dir);
        if (existing != null) {
            return existing;
        }
        Originals found = Originals.find(name, dir);
        if (found != null) {
            Path tree = dir.resolve(PNG_FOLDER);
            found.writePng(tree, classNames.size(), name);
            return tree;
        }
        Path zip = onlyZip(dir);
        if (zip == null) {
            throw Faults.nothingToOpen(name, dir.toString(), list(dir));
        }
        return zip;
    }

    /** The images that are there: the path itself or a tree made earlier; null if there are none. */
    private @Nullable Path existing(Path dir) {
        if (Files.isRegularFile(dir)) {
            return dir;
        }
        List<String> names = list(dir);
        if (names.contains(PNG_FOLDER)) {
            Path tree = dir.resolve(PNG_FOLDER);
            String other = Originals.writtenFor(tree);
            if (other != null && !other.equals(name)) {
                throw Faults.otherDataset(tree.toString(), name, other);
            }
            return tree;
        }
        if (names.contains("train") || names.contains("training")) {
            return dir;
        }
        return null;
    }

    private static @Nullable Path onlyZip(Path dir) {
        List<String> zips = list(dir).stream()
                .filter(n -> n.toLowerCase(Locale.ROOT).endsWith(".zip"))
                .toList();
        return zips.size() == 1 ? dir.resolve(zips.get(0)) : null;
    }

    private static List<String> list(Path dir) {
        List<String> names = new ArrayList<>();
        if (!Files.exists(dir)) {
            return names;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (IOException e) {
            throw Faults.unreadable(dir.toString(), e);
        }
        names.sort(null);
        return names;
    }
}
