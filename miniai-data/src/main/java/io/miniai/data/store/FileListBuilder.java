package io.miniai.data.store;

import io.miniai.data.fault.Faults;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects the files of a split in any order, checks them and sorts them. */
final class FileListBuilder {
    private final String prefix;
    private final Map<String, Integer> folders = new LinkedHashMap<>();
    private final PackedNames names = new PackedNames();
    private int[] folder = new int[16];

    /** @param prefix what stands before folder and file in messages, with a separator at its end */
    FileListBuilder(String prefix) {
        this.prefix = prefix;
    }

    int folder(String name) {
        return folders.computeIfAbsent(name, n -> folders.size());
    }

    void add(int inFolder, String file) {
        if (names.size() == folder.length) {
            folder = Arrays.copyOf(folder, PackedNames.grown(folder.length, folder.length + 1));
        }
        folder[names.size()] = inFolder;
        names.add(file);
    }

    int size() {
        return names.size();
    }

    /** Whether a file in a class folder is the desktop's own and no sample. */
    static boolean ignored(String file) {
        return file.startsWith(".") || file.equals("Thumbs.db") || file.equals("desktop.ini");
    }

    static boolean isPngName(String file) {
        return file.toLowerCase(Locale.ROOT).endsWith(".png");
    }

    FileList build() {
        if (folders.isEmpty()) {
            throw Faults.noClasses(prefix.substring(0, prefix.length() - 1));
        }
        names.trim();
        List<String> sorted = sortFolders();
        checkNoneEmpty(sorted);
        int[] order = new int[names.size()];
        Arrays.setAll(order, i -> i);
        IndexSort.sort(order, this::compare);
        FileList list = new FileList(prefix, sorted, names, folder, order);
        for (int i = 1; i < order.length; i++) {
            if (compare(order[i - 1], order[i]) == 0) {
                throw Faults.duplicateFile(list.name(i));
            }
        }
        return list;
    }

    /** Numbers the folders anew in natural order: the order in which a disk lists them means nothing. */
    private List<String> sortFolders() {
        List<String> sorted = ClassNames.sorted(folders.keySet());
        int[] renamed = new int[sorted.size()];
        for (int i = 0; i < renamed.length; i++) {
            renamed[folder(sorted.get(i))] = i;
        }
        folder = Arrays.copyOf(folder, names.size());
        for (int i = 0; i < folder.length; i++) {
            folder[i] = renamed[folder[i]];
        }
        return sorted;
    }

    private void checkNoneEmpty(List<String> sorted) {
        int[] files = new int[sorted.size()];
        for (int f : folder) {
            files[f]++;
        }
        for (int f = 0; f < files.length; f++) {
            if (files[f] == 0) {
                throw Faults.emptyClass(prefix + sorted.get(f));
            }
        }
    }

    private int compare(int a, int b) {
        int byName = names.compare(a, b);
        return byName != 0 ? byName : Integer.compare(folder[a], folder[b]);
    }
}
