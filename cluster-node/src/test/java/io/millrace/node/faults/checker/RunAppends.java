package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Operation.Append;
import io.millrace.node.faults.history.Outcome;
import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What workers appended in a run. Different runs may offer the same output, and the queue drops what is there already;
 * so a value has a range of epochs that may have written it.
 */
final class RunAppends {
    /** An ok answer that took something. */
    record Taken(String queue, EventId first, EventId last, String bot, long epoch, long place) {}

    private final Values codes;
    private final Map<String, LongIntMap> byValue = new HashMap<>();
    private final Names bots = new Names();
    private final IntList botOf = new IntList();
    private final LongList least = new LongList();
    private final LongList most = new LongList();
    private final LongList places = new LongList();
    private final IntList mixed = new IntList();
    private final List<Taken> taken = new ArrayList<>();

    RunAppends(Values codes) {
        this.codes = codes;
    }

    void add(Append attempt, long place) {
        boolean refused = attempt.call().outcome() == Outcome.FAIL;
        long epoch = attempt.run().epoch();
        for (String value : attempt.values()) {
            int entry = entry(attempt, codes.code(value), place);
            if (!refused) {
                least.set(entry, Math.min(least.get(entry), epoch));
                most.set(entry, Math.max(most.get(entry), epoch));
            }
        }
        if (attempt.call().outcome() == Outcome.OK && attempt.first() != null && attempt.last() != null) {
            taken.add(new Taken(
                    attempt.queue(),
                    attempt.first(),
                    attempt.last(),
                    attempt.run().bot(),
                    epoch,
                    place));
        }
    }

    private int entry(Append attempt, long value, long place) {
        int known = byValue.computeIfAbsent(attempt.queue(), queue -> new LongIntMap())
                .putIfAbsent(value, least.size());
        if (known >= 0) {
            boolean isOther = botOf.get(known) != bots.number(attempt.run().bot());
            mixed.set(known, isOther ? 1 : mixed.get(known));
            return known;
        }
        mixed.add(0);
        botOf.add(bots.number(attempt.run().bot()));
        least.add(Long.MAX_VALUE);
        most.add(Long.MIN_VALUE);
        places.add(place);
        return least.size() - 1;
    }

    boolean knows(String queue, long value) {
        return entryOf(queue, value) >= 0;
    }

    /** The entry of a value in a queue, or -1. */
    int entryOf(String queue, long value) {
        LongIntMap entries = byValue.get(queue);
        return entries == null ? -1 : entries.get(value);
    }

    String bot(int entry) {
        return bots.text(botOf.get(entry));
    }

    /** Whether several lanes offered it: their epochs tell nothing about each other. */
    boolean isOfSeveralLanes(int entry) {
        return mixed.get(entry) == 1;
    }

    /** No attempt of any run was ok or unknown. */
    boolean isRefused(int entry) {
        return most.get(entry) == Long.MIN_VALUE;
    }

    long leastEpoch(int entry) {
        return least.get(entry);
    }

    long mostEpoch(int entry) {
        return most.get(entry);
    }

    /** The line of the first attempt. */
    long place(int entry) {
        return places.get(entry);
    }

    List<Taken> taken() {
        return taken;
    }
}
