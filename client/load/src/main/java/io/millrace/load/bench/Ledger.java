package io.millrace.load.bench;

import io.millrace.client.EventReader;
import java.util.BitSet;

/** What stands in a queue whose events were numbered from 0, whatever that is. */
record Ledger(BitSet seen, long events, long duplicates, long disorder) {
    static Ledger read(Stage stage, String queue) {
        BitSet seen = new BitSet();
        long events = 0;
        long duplicates = 0;
        long disorder = 0;
        int highest = -1;
        try (EventReader reader = stage.millrace().read(queue)) {
            while (reader.hasNext()) {
                int id = (int) stage.events().id(reader.next().payload());
                events++;
                if (seen.get(id)) {
                    duplicates++;
                } else if (id < highest) {
                    disorder++;
                }
                seen.set(id);
                highest = Math.max(highest, id);
            }
        }
        return new Ledger(seen, events, duplicates, disorder);
    }

    /** How many of the first {@code n} aren't there. */
    long missing(long n) {
        return n - seen.get(0, (int) n).cardinality();
    }
}
