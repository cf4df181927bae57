package io.miniai.data.store;

import java.util.List;
import java.util.function.Supplier;

/**
 * The files of a split: their list, and how to read them.
 *
 * @param list names and folders
 * @param reader makes a reader of them
 */
record ListedFiles(FileList list, Supplier<Reader> reader) implements SampleFiles {
    @Override
    public int size() {
        return list.size();
    }

    @Override
    public List<String> folders() {
        return list.folders();
    }

    @Override
    public int folder(int file) {
        return list.folder(file);
    }

    @Override
    public String folderName(int folder) {
        return list.folderName(folder);
    }

    @Override
    public String name(int file) {
        return list.name(file);
    }

    @Override
    public Reader open() {
        return reader.get();
    }
}
