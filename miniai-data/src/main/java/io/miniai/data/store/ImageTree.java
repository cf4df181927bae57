package io.miniai.data.store;

import io.miniai.data.fault.Faults;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * Finds the image files of a dataset: {@code train/<label>/<file>.png} and the same below {@code valid} or
 * {@code test}, in a folder or in a zip.
 */
public final class ImageTree {
    private ImageTree() {}

    /**
     * Lists a dataset; no image is read.
     *
     * @param root the folder that holds {@code train}, or a zip of it
     * @param limits what is still believed
     * @return the files of each split, {@link Split#TRAIN} always among them
     * @throws io.miniai.data.fault.DataException if it is no such tree, or part of it cannot be read
     */
    public static Map<Split, SampleFiles> list(Path root, Limits limits) {
        try {
            BasicFileAttributes found = Files.readAttributes(root, BasicFileAttributes.class);
            if (found.isDirectory()) {
                return new FolderListing(limits).list(root);
            }
            if (!found.isRegularFile()) {
                throw Faults.notRegularFile(root.toString());
            }
        } catch (NoSuchFileException e) {
            throw Faults.noDataset(root.toString());
        } catch (IOException e) {
            throw Faults.unreadable(root.toString(), e);
        }
        ZipListing listing = new ZipListing(root.toString(), limits);
        try (SeekableByteChannel in = Files.newByteChannel(root)) {
            ZipDirectory.read(in, root.toString(), limits, listing::visit);
        } catch (IOException e) {
            throw Faults.unreadable(root.toString(), e);
        }
        return listing.finish(
                (files, entries) -> new ListedFiles(files, () -> new ZipEntryReader(root, files, entries)));
    }
}
