package io.millrace.node.journal;

/**
 * A queue that may have events to remove.
 *
 * @param due from when on, ms since the epoch
 */
public record DueQueue(String queue, long due) {}
