package io.millrace.node.application;

import io.millrace.protocol.Position;

/**
 * Where a reader stands in a queue.
 *
 * @param after what it has seen
 * @param record the log record to look into next, or 0 where that must be looked for; a hint that saves the search
 */
public record Cursor(Position after, long record) {
    /** A reader that begins. */
    public static Cursor after(Position position) {
        return new Cursor(position, 0);
    }
}
