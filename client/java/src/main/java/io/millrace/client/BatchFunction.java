package io.millrace.client;

import io.millrace.protocol.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link Millrace#reduce} makes of a batch. */
@FunctionalInterface
public interface BatchFunction {
    /**
     * Makes one of many.
     *
     * @param events of one queue, in order, at least one
     * @return as of {@link EventFunction#apply}
     * @throws Exception to end the run in error; the events come again
     */
    @Nullable
    Object apply(List<Event> events) throws Exception;
}
