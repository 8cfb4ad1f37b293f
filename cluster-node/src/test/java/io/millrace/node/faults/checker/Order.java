package io.millrace.node.faults.checker;

import java.util.function.IntToLongFunction;

/** Sorts numbers by a key without boxes. */
final class Order {
    private Order() {}

    /** Stable, in place. */
    static void by(int[] items, IntToLongFunction key) {
        sort(items, new int[items.length], 0, items.length, key);
    }

    private static void sort(int[] items, int[] spare, int from, int to, IntToLongFunction key) {
        if (to - from < 2) {
            return;
        }
        int middle = (from + to) >>> 1;
        sort(items, spare, from, middle, key);
        sort(items, spare, middle, to, key);
        if (key.applyAsLong(items[middle - 1]) <= key.applyAsLong(items[middle])) {
            return;
        }
        System.arraycopy(items, from, spare, from, middle - from);
        int left = from;
        int right = middle;
        for (int at = from; left < middle; at++) {
            boolean takeRight = right < to && key.applyAsLong(items[right]) < key.applyAsLong(spare[left]);
            items[at] = takeRight ? items[right++] : spare[left++];
        }
    }
}
