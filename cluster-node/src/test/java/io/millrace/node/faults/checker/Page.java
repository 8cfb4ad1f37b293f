package io.millrace.node.faults.checker;

/**
 * A page of a reader or handler that agrees with a queue's log.
 *
 * @param reader who read; each has its own way through the queue
 * @param after how many of the log's events lie at or before where the page began
 * @param end how many of the log's events lie at or before its last event; {@code after} if it is empty
 * @param from when it was asked for
 * @param to when it was there
 * @param toTail it claims that no more events were there
 */
record Page(QueueLog log, String reader, int after, int end, long from, long to, boolean toTail, long place) {}
