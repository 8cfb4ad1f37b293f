package io.millrace.protocol.handler;

import io.millrace.protocol.Event;
import java.util.List;

/**
 * What a bot does with a batch of events. Nodes find implementations through {@link java.util.ServiceLoader} by their class
 * name; one instance serves one run and is called by one thread at a time.
 *
 * <p>What it emits is written after it returns and before the checkpoint moves; if it throws, nothing of the batch is
 * written, the run ends in error and the batch comes again.
 */
@FunctionalInterface
public interface BotHandler {
    /**
     * Handles events of one queue, in order.
     *
     * @param events at least one; none in a run of a bot that has no queues to read, in which it is called just once: what it
     *     emits then has no parents
     * @param out takes what is emitted; it names the whole batch as its parents
     * @throws Exception to end the run in error
     */
    void handle(List<Event> events, Emitter out) throws Exception;
}
