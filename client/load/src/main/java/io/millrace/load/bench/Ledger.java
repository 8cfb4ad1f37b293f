package io.millrace.load.bench;

import io.millrace.client.EventReader;
import java.util.BitSet;

/** What stands in a queue whose events were numbered from 0, whatever that is. Not thread-safe. */
final class Ledger {
    private final BitSet seen = new BitSet();
    private long events;
    private long duplicates;
    private long disorder;
    private int highest = -1;

    static Ledger read(Stage stage, String queue) {
        Ledger ledger = new Ledger();
        try (EventReader reader = stage.millrace().read(queue)) {
            while (reader.hasNext()) {
                ledger.add((int) stage.events().id(reader.next().payload()));
            }
        }
        return ledger;
    }

    /** Takes the number of the next event. */
    void add(int id) {
        events++;
        if (seen.get(id)) {
            duplicates++;
        } else if (id < highest) {
            disorder++;
        }
        seen.set(id);
        highest = Math.max(highest, id);
    }

    long events() {
        return events;
    }

    /** Events that had been there before. */
    long duplicates() {
        return duplicates;
    }

    /** Events that stand behind later ones. */
    long disorder() {
        return disorder;
    }

    /** How many of the first {@code n} aren't there. */
    long missing(long n) {
        return n - seen.get(0, (int) n).cardinality();
    }
}
