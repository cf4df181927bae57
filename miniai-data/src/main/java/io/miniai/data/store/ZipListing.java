package io.miniai.data.store;

import io.miniai.data.fault.Faults;
import java.util.EnumMap;
import java.util.Map;

/** Sorts the entries of a zip into splits and class folders while its directory is read. */
final class ZipListing {
    private record Part(FileListBuilder files, ZipEntries entries) {}

    @FunctionalInterface
    interface Factory {
        SampleFiles create(FileList files, ZipEntries entries);
    }

    private final String zip;
    private final Limits limits;
    private final SplitFolders splits;
    private final Map<Split, Part> parts = new EnumMap<>(Split.class);

    ZipListing(String zip, Limits limits) {
        this.zip = zip;
        this.limits = limits;
        this.splits = new SplitFolders(zip);
    }

    /** The tree may stand in a folder of the archive, as it does when a folder was zipped as a whole. */
    void visit(ZipDirectory.Entry entry) {
        String path = entry.name();
        if (path.indexOf('\\') >= 0) {
            throw Faults.zipBackslash(zip, path);
        }
        if (escapes(path)) {
            throw Faults.unsafeZipEntry(zip, path);
        }
        if (path.startsWith("__MACOSX/")) {
            return; // what a Mac adds: shadows of the files
        }
        int start = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', start)) {
            Split split = Split.of(path.substring(start, slash));
            if (split != null) {
                add(split, path, slash, entry);
                return;
            }
            start = slash + 1;
        }
        splits.addOther(path);
    }

    private static boolean escapes(String path) {
        return path.startsWith("/")
                || path.indexOf('\0') >= 0
                || path.equals("..")
                || path.startsWith("../")
                || path.endsWith("/..")
                || path.contains("/../");
    }

    private void add(Split split, String path, int slash, ZipDirectory.Entry entry) {
        String splitFolder = path.substring(0, slash);
        splits.add(split, splitFolder);
        Part part = parts.computeIfAbsent(
                split, s -> new Part(new FileListBuilder(zip + "!/" + splitFolder + "/"), new ZipEntries()));
        int folderEnd = path.indexOf('/', slash + 1);
        if (folderEnd < 0) { // the split's own entry, or a file beside the class folders
            String name = path.substring(slash + 1);
            if (FileListBuilder.isPngName(name) && !FileListBuilder.ignored(name)) {
                throw Faults.imageOutsideClass(zip + "!/" + path);
            }
            return;
        }
        String folder = path.substring(slash + 1, folderEnd);
        String file = path.substring(folderEnd + 1);
        if (FileListBuilder.ignored(folder) || FileListBuilder.ignored(file)) {
            return;
        }
        int number = part.files.folder(folder);
        if (!file.isEmpty()) { // the folder's own entry otherwise
            check(path, file, entry);
            part.entries.set(part.files.size(), entry);
            part.files.add(number, file);
        }
    }

    private void check(String path, String file, ZipDirectory.Entry entry) {
        String shown = zip + "!/" + path;
        if (file.indexOf('/') >= 0) {
            throw Faults.folderInClass(
                    zip + "!/" + path.substring(0, path.length() - file.length() + file.indexOf('/')));
        }
        if (!FileListBuilder.isPngName(file)) {
            throw Faults.notPngName(shown);
        }
        long size = Math.max(entry.size(), entry.packed());
        if (size > limits.maxFileBytes()) {
            throw Faults.fileTooLarge(shown, size, limits.maxFileBytes());
        }
    }

    Map<Split, SampleFiles> finish(Factory factory) {
        Map<Split, SampleFiles> result = new EnumMap<>(Split.class);
        for (Split split : splits.folders().keySet()) {
            Part part = parts.get(split);
            if (part != null) {
                part.entries.resize(part.files.size());
                result.put(split, factory.create(part.files.build(), part.entries));
            }
        }
        return result;
    }
}
