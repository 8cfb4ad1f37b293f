package io.millrace.node.run;

import io.millrace.protocol.Event;
import io.millrace.protocol.QueueName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An event that a run can't get past without asking.
 *
 * @param takenAt ms since the epoch when it was read
 * @param failure what it failed with alone, null if it has yet to be tried
 * @param rejected whether the handler says that it can never be handled
 * @param after how long the handler wants it to wait at least, null if it doesn't say
 */
record Finding(
        QueueName queue,
        Event event,
        long takenAt,
        @Nullable Throwable failure,
        boolean rejected,
        @Nullable Duration after) {}
