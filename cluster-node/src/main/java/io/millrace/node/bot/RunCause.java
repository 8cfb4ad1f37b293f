package io.millrace.node.bot;

import io.millrace.protocol.RunReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a run begins.
 *
 * @param slot the slot of the schedule that it takes, null if it takes none
 */
record RunCause(RunReason because, @Nullable Instant slot) {
    static final RunCause EVENTS = new RunCause(RunReason.EVENTS, null);
    static final RunCause RUN_NOW = new RunCause(RunReason.RUN_NOW, null);

    static RunCause slot(Instant slot) {
        return new RunCause(RunReason.SCHEDULE, slot);
    }
}
