package io.miniai.data.store;

import java.util.List;

/** The names and folders of a split's files in sample order, some 25 bytes a file. */
final class FileList {
    private final String prefix;
    private final List<String> folders;
    private final PackedNames names;
    private final int[] folder;
    private final int[] order;

    /** @param prefix what stands before folder and file in messages, with a separator at its end */
    FileList(String prefix, List<String> folders, PackedNames names, int[] folder, int[] order) {
        this.prefix = prefix;
        this.folders = folders;
        this.names = names;
        this.folder = folder;
        this.order = order;
    }

    int size() {
        return order.length;
    }

    List<String> folders() {
        return folders;
    }

    /** The position at which the file was added to the builder. */
    int added(int file) {
        return order[file];
    }

    int folder(int file) {
        return folder[order[file]];
    }

    String fileName(int file) {
        return names.get(order[file]);
    }

    String folderName(int folderNumber) {
        return prefix + folders.get(folderNumber);
    }

    String name(int file) {
        return folderName(folder(file)) + prefix.charAt(prefix.length() - 1) + fileName(file);
    }
}
