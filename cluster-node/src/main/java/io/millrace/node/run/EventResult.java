package io.millrace.node.run;

import java.time.Duration;

/** What came of one event that a handler was given, where it says so for each. */
public sealed interface EventResult {
    /** It is through. */
    record Done() implements EventResult {}

    /**
     * It failed, and is to be tried again: an attempt is used up.
     *
     * @param after how long to wait at least, not negative
     * @param why at most 2000 characters are kept
     */
    record Retry(Duration after, String why) implements EventResult {}

    /**
     * It can never be handled: it is disposed of at once, as the registration's {@code onPoison} says.
     *
     * @param why at most 2000 characters are kept
     */
    record Reject(String why) implements EventResult {}
}
