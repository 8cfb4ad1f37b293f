package io.millrace.node.queue;

import java.util.concurrent.CompletionStage;

/** Removes the oldest records of a log that this node owns. */
@FunctionalInterface
public interface LogTruncation {
    /**
     * Removes records for good; a snapshot at or past the last of them must have been saved.
     *
     * @param toSequence the last record to go
     */
    CompletionStage<?> truncate(String log, long toSequence);
}
