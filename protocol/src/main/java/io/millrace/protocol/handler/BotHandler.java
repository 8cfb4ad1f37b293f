package io.millrace.protocol.handler;

import io.millrace.protocol.Event;
import java.util.List;

/**
 * What a bot does with a batch of events. Nodes find implementations through {@link java.util.ServiceLoader} by their class
 * name; one instance serves one run and is called by one thread at a time.
 *
 * <p>What it emits is written after it returns and before the checkpoint moves; if it throws, nothing of the batch is
 * written. The batch then comes again in smaller parts, to a new instance, until the event that fails stands alone: that one
 * is tried as often as the registration's {@code retry} allows, and then disposed of as {@code onPoison} says.
 */
@FunctionalInterface
public interface BotHandler {
    /**
     * Handles events of one queue, in order.
     *
     * @param events at least one; none in a run of a bot that has no queues to read, in which it is called just once: what it
     *     emits then has no parents
     * @param out takes what is emitted; it names the whole batch as its parents
     * @throws RejectedEventException to have an event disposed of at once
     * @throws Exception to have the batch come again
     */
    void handle(List<Event> events, Emitter out) throws Exception;
}
