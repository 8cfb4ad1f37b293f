package io.millrace.node.run;

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
record Verdict(int done, @Nullable Duration again, @Nullable RuntimeException failure) {

    static Verdict of(List<EventResult> results) {
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof EventResult.Retry retry) {
                return new Verdict(i, retry.after(), null);
            } else if (results.get(i) instanceof EventResult.Reject reject) {
                return new Verdict(i, null, new IllegalStateException("an event was rejected: " + reject.why()));
            }
        }
        return new Verdict(results.size(), null, null);
    }
}
