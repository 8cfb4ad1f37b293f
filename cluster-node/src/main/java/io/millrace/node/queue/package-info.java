/**
 * Owns the queue: one persistent sharded actor each, the one place where events get their ids.
 *
 * <p>A command becomes a {@link io.millrace.node.queue.QueueDecision} by the pure {@link io.millrace.node.queue.QueueState};
 * its events are journaled; only then is anything answered. The front actor ({@code QueueActor}) gathers appends while a
 * commit is under way, serves readers at the tail from a small window and wakes bots; behind it {@code QueueLog} persists.
 */
@NullMarked
package io.millrace.node.queue;

import org.jspecify.annotations.NullMarked;
