package io.miniai.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Checks of which samples are asked for. */
final class Selection {
    private Selection() {}

    static int[] checked(int[] indices, int size) {
        int[] copy = indices.clone();
        for (int index : copy) {
            checkIndex(index, size);
        }
        return copy;
    }

    static void checkIndex(int index, int size) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("sample: expected 0 to " + (size - 1) + ", got " + index);
        }
    }

    static int[] range(int from, int to, int size) {
        if (from < 0 || from > to || to > size) {
            throw new IndexOutOfBoundsException(
                    "subset: expected 0 ≤ from ≤ to ≤ " + size + ", got from " + from + " to " + to);
        }
        return IntStream.range(from, to).toArray();
    }

    static void checkSizes(int[] sizes, int size) {
        long sum = 0;
        for (int part : sizes) {
            sum += part;
            if (part < 0) {
                throw new IllegalArgumentException("split: expected sizes of at least 0, got " + part);
            }
        }
        if (sum != size) {
            throw new IllegalArgumentException("split: expected sizes that add up to " + size + ", got "
                    + Arrays.toString(sizes) + " = " + sum + ". Use subset(from, to) to leave samples out.");
        }
    }
}
