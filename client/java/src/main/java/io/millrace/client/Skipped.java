package io.millrace.client;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;

/**
 * Retention has removed what a read would have given next: it went on with the oldest event that is kept.
 *
 * @param queue where
 * @param after up to where the read had come; what lies between this and {@code to} is gone
 * @param to the oldest event that is kept
 */
public record Skipped(QueueName queue, Position after, EventId to) {}
