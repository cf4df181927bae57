package io.miniai.data.store;

import io.miniai.data.fault.Faults;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which folder of a tree is which split; no split may have two. */
final class SplitFolders {
    private final String root;
    private final Map<Split, String> folders = new EnumMap<>(Split.class);
    private final List<String> others = new ArrayList<>();

    SplitFolders(String root) {
        this.root = root;
    }

    void add(Split split, String folder) {
        String earlier = folders.putIfAbsent(split, folder);
        if (earlier != null && !earlier.equals(folder)) {
            throw Faults.twoFoldersForOneSplit(root, earlier, folder);
        }
    }

    /** Remembers something else that is there, to name it when nothing better is found. */
    void addOther(String name) {
        if (others.size() < 100 && !others.contains(name)) {
            others.add(name);
        }
    }

    Map<Split, String> folders() {
        if (!folders.containsKey(Split.TRAIN)) {
            others.addAll(0, folders.values());
            throw Faults.noTrainFolder(root, others);
        }
        return folders;
    }
}
