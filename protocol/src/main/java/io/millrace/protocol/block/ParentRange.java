package io.millrace.protocol.block;

import io.millrace.protocol.EventId;

/**
 * How far an append's events go back to one source queue: what a queue's high-water mark is held against.
 *
 * @param source the bare name of the queue that the parents stand in
 * @param least the least of the events' furthest parents
 * @param greatest the greatest of them
 */
public record ParentRange(String source, EventId least, EventId greatest) {}
