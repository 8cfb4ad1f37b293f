package io.millrace.node.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.handler.BotHandler;
import java.util.List;

/** Makes the handlers of one class, one for each run. Thread-safe. */
@FunctionalInterface
public interface HandlerFactory {
    /**
     * What is wrong with a registration's settings, with pointers from {@code /handler} on; nothing if the handler can work
     * with them. Without more it takes any.
     *
     * @param settings an object
     * @param triggers the queues that the bot reads
     */
    default List<InputError> check(JsonNode settings, List<String> triggers) {
        return List.of();
    }

    /** Whether what it makes are {@link WindowHandler}s. */
    default boolean hasWindows() {
        return false;
    }

    /** Whether several of them may work side by side, each with a part of the events. */
    default boolean takesLanes() {
        return !hasWindows();
    }

    /**
     * A new handler.
     *
     * @param settings an object
     * @throws IllegalStateException if it can't work with them
     */
    BotHandler create(JsonNode settings);
}
