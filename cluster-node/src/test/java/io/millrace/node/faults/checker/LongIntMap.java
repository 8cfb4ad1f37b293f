package io.millrace.node.faults.checker;

import java.util.Arrays;

/** From a value's code to a number of 0 or more, by open addressing: 20 to 40 bytes an entry. */
final class LongIntMap {
    private long[] keys = new long[64];
    private int[] numbers = filled(64);
    private int size;

    /** Keeps what is there. {@return the number that was there before, or -1} */
    int putIfAbsent(long key, int number) {
        if (size * 5L > keys.length * 3L) {
            grow();
        }
        int slot = slot(key);
        if (numbers[slot] >= 0) {
            return numbers[slot];
        }
        keys[slot] = key;
        numbers[slot] = number;
        size++;
        return -1;
    }

    /** -1 if absent. */
    int get(long key) {
        return numbers[slot(key)];
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (numbers[slot] >= 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldNumbers = numbers;
        keys = new long[oldKeys.length * 2];
        numbers = filled(keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldNumbers[i] >= 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                numbers[slot] = oldNumbers[i];
            }
        }
    }

    private static int[] filled(int length) {
        int[] empty = new int[length];
        Arrays.fill(empty, -1);
        return empty;
    }
}
