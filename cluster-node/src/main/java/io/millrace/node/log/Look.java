package io.millrace.node.log;

import org.jspecify.annotations.Nullable;

/**
 * What a look at the log has shown.
 *
 * @param term which incarnation of the log it was about
 * @param holds whether it is still this owner's; null where the storage didn't tell
 */
public record Look(long term, @Nullable Boolean holds) {
    /** {@return whether this owner was the only one after the look had begun} */
    public boolean proves() {
        return Boolean.TRUE.equals(holds);
    }

    /** {@return whether somebody else has claimed the log} */
    public boolean isTaken() {
        return Boolean.FALSE.equals(holds);
    }
}
