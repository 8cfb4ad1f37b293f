package io.millrace.node.run;

import java.time.Duration;

/** The handler couldn't take its events now, and says when it may. */
public final class AgainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration after;

    /** @param why for people */
    public AgainException(Duration after, String why) {
        super(why);
        this.after = after;
    }

    Duration after() {
        return after;
    }
}
