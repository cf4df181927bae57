package io.miniai.data.store;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The order of class folders: natural, so 2 precedes 10, whatever the locale and the disk. */
final class ClassNames {
    private ClassNames() {}

    static List<String> sorted(Collection<String> folders) {
        PackedNames names = new PackedNames();
        folders.forEach(names::add);
        int[] order = new int[names.size()];
        Arrays.setAll(order, i -> i);
        IndexSort.sort(order, names::compare);
        return Arrays.stream(order).mapToObj(names::get).toList();
    }
}
