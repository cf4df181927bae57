package io.miniai.data.store;

/** Stable merge sort of numbers by what they stand for; the JDK sorts by a comparator only objects, 16 bytes each. */
final class IndexSort {
    @FunctionalInterface
    interface Order {
        int compare(int a, int b);
    }

    private IndexSort() {}

    static void sort(int[] a, Order order) {
        int[] from = a;
        int[] to = new int[a.length];
        for (int run = 1; run > 0 && run < a.length; run *= 2) {
            for (long start = 0; start < a.length; start += 2L * run) {
                int middle = (int) Math.min(start + run, a.length);
                int end = (int) Math.min(start + 2L * run, a.length);
                merge(from, (int) start, middle, end, to, order);
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        if (from != a) {
            System.arraycopy(from, 0, a, 0, a.length);
        }
    }

    private static void merge(int[] from, int start, int middle, int end, int[] to, Order order) {
        if (middle == end || order.compare(from[middle - 1], from[middle]) <= 0) { // already in order
            System.arraycopy(from, start, to, start, end - start);
            return;
        }
        for (int i = start, left = start, right = middle; i < end; i++) {
            boolean takeLeft = right == end || (left < middle && order.compare(from[left], from[right]) <= 0);
            to[i] = takeLeft ? from[left++] : from[right++];
        }
    }
}
