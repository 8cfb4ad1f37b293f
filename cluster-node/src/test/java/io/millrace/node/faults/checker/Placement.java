package io.millrace.node.faults.checker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Where appended values stand in the logs, and what stands there that doesn't belong. */
final class Placement {
    /** An event that is where it must not be: again, out of its batch's order, or without anybody who wrote it. */
    record Oddity(Kind kind, QueueLog log, int index, int append) {}

    private static final int MOST_ODDITIES = 1_000;

    private final Appends appends;
    private final RunAppends runAppends;
    private final int[] start;
    private final int[] present;
    private final BitSet seen;
    private final List<Oddity> oddities = new ArrayList<>();

    Placement(Appends appends, RunAppends runAppends, Iterable<QueueLog> logs) {
        this.appends = appends;
        this.runAppends = runAppends;
        this.start = new int[appends.size()];
        this.present = new int[appends.size()];
        this.seen = new BitSet(appends.totalValues());
        Arrays.fill(start, -1);
        logs.forEach(this::place);
    }

    private void place(QueueLog log) {
        int output = 0;
        for (int i = 0; i < log.size(); i++) {
            boolean isOutput = output < log.outputs().size() && log.outputs().index(output) == i;
            output += isOutput ? 1 : 0;
            int append = appends.of(log.value(i));
            if (append < 0) {
                if (!isOutput && !runAppends.knows(log.name(), log.value(i))) {
                    odd(Kind.PHANTOM, log, i, -1);
                }
            } else if (!appends.queue(append).equals(log.name())) {
                odd(Kind.PHANTOM, log, i, append);
            } else {
                place(log, i, append);
            }
        }
    }

    private void place(QueueLog log, int index, int append) {
        int at = find(append, log.value(index), present[append]);
        int within = at - appends.valuesFrom(append);
        if (seen.get(at)) {
            odd(Kind.DUPLICATE, log, index, append);
            return;
        }
        seen.set(at);
        present[append]++;
        if (start[append] < 0) {
            start[append] = index - within;
        }
        if (index - within != start[append]) {
            odd(Kind.TORN_BATCH, log, index, append);
        }
    }

    /** Batches are looked through from where the value should be. */
    private int find(int append, long value, int guess) {
        int from = appends.valuesFrom(append);
        int count = appends.count(append);
        for (int i = 0; i < count; i++) {
            int at = from + (guess + i) % count;
            if (appends.value(at) == value) {
                return at;
            }
        }
        throw new AssertionError("a value without its append");
    }

    private void odd(Kind kind, QueueLog log, int index, int append) {
        if (oddities.size() < MOST_ODDITIES) {
            oddities.add(new Oddity(kind, log, index, append));
        }
    }

    /** How many of an append's values are in its queue. */
    int present(int append) {
        return present[append];
    }

    boolean isThere(int append) {
        return present[append] > 0;
    }

    /** Whether a value is in its queue, by its number in {@link Appends#value}. */
    boolean isThereAt(int value) {
        return seen.get(value);
    }

    /** Where the first value of an append that is there stands, or would stand. */
    int start(int append) {
        return start[append];
    }

    int last(int append) {
        return start[append] + appends.count(append) - 1;
    }

    List<Oddity> oddities() {
        return oddities;
    }
}
