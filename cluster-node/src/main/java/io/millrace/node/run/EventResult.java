package io.millrace.node.run;

import java.time.Duration;

/** What became of one event in a handler. */
public sealed interface EventResult {
    /** It was handled. */
    record Done() implements EventResult {}

    /**
     * It is to come again.
     *
     * @param after not before
     */
    record Retry(Duration after, String why) implements EventResult {}

    /** It can't be handled, now or later. */
    record Reject(String why) implements EventResult {}
}
