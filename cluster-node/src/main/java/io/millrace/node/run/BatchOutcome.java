package io.millrace.node.run;

import io.millrace.protocol.Event;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the results of a batch mean for its run: the events at its front that are done are through; the first that isn't comes
 * again after a while, with all behind it, or ends the run.
 *
 * @param done how many at the front are done
 * @param again how long to wait before the rest comes again; null if there is none, or it can't be handled
 * @param failure what ends the run, behind the events that are done
 */
record BatchOutcome(
        int done, @Nullable Duration again, @Nullable RuntimeException failure) {

    /** @param events what the results are of, one each */
    static BatchOutcome of(List<EventResult> results, List<Event> events) {
        if (results.size() != events.size()) {
            throw new IllegalStateException(results.size() + " results for " + events.size() + " events");
        }
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof EventResult.Retry retry) {
                return new BatchOutcome(i, retry.after(), null);
            } else if (results.get(i) instanceof EventResult.Reject reject) {
                return new BatchOutcome(
                        i,
                        null,
                        new IllegalStateException("event " + events.get(i).eid() + " of "
                                + events.get(i).queue() + " was rejected: " + reject.why()));
            }
        }
        return new BatchOutcome(results.size(), null, null);
    }
}
