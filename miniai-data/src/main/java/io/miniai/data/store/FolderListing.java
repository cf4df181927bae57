package io.miniai.data.store;

import io.miniai.data.fault.Faults;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Lists a folder tree: splits, in them class folders, in them PNG files. */
final class FolderListing {
    /** What Java reads where the bytes of a name are none of the system's encoding: different names look alike. */
    private static final char REPLACEMENT = '\ufffd';

    private final Limits limits;

    FolderListing(Limits limits) {
        this.limits = limits;
    }

    Map<Split, SampleFiles> list(Path root) {
        SplitFolders splits = new SplitFolders(root.toString());
        forEach(root, folder -> {
            String name = nameOf(folder);
            Split split = Split.of(name);
            if (split != null && isFolder(folder)) {
                splits.add(split, name);
            } else {
                splits.addOther(name);
            }
        });
        Map<Split, SampleFiles> result = new EnumMap<>(Split.class);
        splits.folders().forEach((split, folder) -> result.put(split, listSplit(root.resolve(folder))));
        return result;
    }

    private SampleFiles listSplit(Path split) {
        FileListBuilder files =
                new FileListBuilder(split + split.getFileSystem().getSeparator());
        forEach(split, folder -> {
            String name = nameOf(folder);
            if (FileListBuilder.ignored(name)) {
                return;
            }
            if (isFolder(folder)) {
                listClass(folder, files);
            } else if (FileListBuilder.isPngName(name)) {
                throw Faults.imageOutsideClass(folder.toString());
            }
        });
        FileList list = files.build();
        return new ListedFiles(list, () -> new FolderReader(split, list, limits));
    }

    private void listClass(Path folder, FileListBuilder files) {
        int number = files.folder(nameOf(folder));
        forEach(folder, file -> {
            String name = nameOf(file);
            if (FileListBuilder.ignored(name)) {
                return;
            }
            if (!FileListBuilder.isPngName(name)) {
                throw Files.isDirectory(file)
                        ? Faults.folderInClass(file.toString())
                        : Faults.notPngName(file.toString());
            }
            if (files.size() == limits.maxFiles()) {
                throw Faults.tooManyFiles(folder.toString(), limits.maxFiles());
            }
            files.add(number, name);
        });
    }

    /** Visits what is in a folder, one path at a time: a million of them never exist together. */
    private static void forEach(Path folder, Consumer<Path> visitor) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(visitor);
        } catch (IOException e) {
            throw Faults.unreadable(folder.toString(), e);
        } catch (DirectoryIteratorException e) {
            throw Faults.unreadable(folder.toString(), Objects.requireNonNull(e.getCause()));
        }
    }

    /** Where the system cannot tell, as of a link to nowhere, that is an error: without the class all labels would shift. */
    private static boolean isFolder(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
        } catch (IOException e) {
            throw Faults.unreadable(path.toString(), e);
        }
    }

    private static String nameOf(Path path) {
        String name = String.valueOf(path.getFileName());
        if (name.indexOf(REPLACEMENT) >= 0) {
            throw Faults.unreadableName(path.toString(), System.getProperty("sun.jnu.encoding", "unknown"));
        }
        return name;
    }
}
