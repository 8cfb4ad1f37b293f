package io.millrace.client;

import io.millrace.protocol.Event;
import org.jspecify.annotations.Nullable;

/** What {@link Millrace#enrich} makes of an event. */
@FunctionalInterface
public interface EventFunction {
    /**
     * Makes something of an event.
     *
     * @return what to emit: any object that Jackson can write; a {@link java.util.List} emits all its elements or none; null,
     *     an empty list or an empty {@link java.util.Optional} emits nothing, and the checkpoint moves on
     * @throws Exception to end the run in error; the event comes again
     */
    @Nullable
    Object apply(Event event) throws Exception;
}
