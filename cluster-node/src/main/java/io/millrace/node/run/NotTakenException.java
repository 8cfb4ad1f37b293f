package io.millrace.node.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The handler is not there, or takes no events whatever they are: none of them is to blame, and the run ends in error. The
 * message is for users.
 */
public class NotTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration after;

    /** @param why for users */
    public NotTakenException(String why) {
        super(why);
        after = null;
    }

    /** @param after how long it wants to be left in peace */
    NotTakenException(String why, Duration after) {
        super(why);
        this.after = after;
    }

    @Nullable
    Duration after() {
        return after;
    }
}
