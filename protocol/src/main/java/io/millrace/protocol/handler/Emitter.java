package io.millrace.protocol.handler;

import io.millrace.protocol.Event;
import org.jspecify.annotations.Nullable;

/** Takes what a handler emits; its correlation to what was read is filled in by itself. */
public interface Emitter {
    /**
     * Emits an event into a queue.
     *
     * @param queue the queue's name
     * @param payload a {@link io.millrace.protocol.Payload}, or any object that Jackson can write as JSON
     * @throws IllegalArgumentException if the name is not allowed or the payload can't be written or is larger than 4 MiB
     */
    void emit(String queue, @Nullable Object payload);

    /**
     * The same output, with only {@code event} as the parent of what is emitted.
     *
     * @param event of the batch that is being handled
     */
    Emitter from(Event event);

    /** The run that this happens in. */
    RunInfo run();
}
