package io.millrace.load.bench;

import io.millrace.client.EventReader;
import io.millrace.client.Millrace;
import io.millrace.load.Events;
import io.millrace.protocol.Payload;
import java.util.function.ToLongFunction;

/**
 * A queue read from its beginning to its end, each event held against its place: numbered from 0, without a gap.
 *
 * @param events how many came
 * @param misplaced how many weren't the next one
 */
record Reading(long events, long misplaced) {
    /** Payloads stay as they come, but for their numbers. */
    static Reading undecoded(Millrace millrace, String queue, Events events) {
        return of(millrace, queue, events::id);
    }

    /** Each payload is parsed into a tree. */
    static Reading parsed(Millrace millrace, String queue) {
        return of(millrace, queue, payload -> payload.tree().get("orderId").longValue());
    }

    static Reading of(Millrace millrace, String queue, ToLongFunction<Payload> id) {
        long next = 0;
        long misplaced = 0;
        try (EventReader reader = millrace.read(queue)) {
            while (reader.hasNext()) {
                if (id.applyAsLong(reader.next().payload()) != next++) {
                    misplaced++;
                }
            }
        }
        return new Reading(next, misplaced);
    }

    /** Tells what was found, and that it is wrong where it isn't what was written. */
    Result tell(Result result, long written) {
        result.put("outOfOrder", misplaced);
        return events == written && misplaced == 0
                ? result
                : result.wrong(events + " events came back of " + written + ", " + misplaced + " out of place");
    }
}
