package io.millrace.node.handlers;

import io.millrace.node.run.HandlerFactory;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The handlers that need no code. */
public final class StandardHandlers {
    private StandardHandlers() {}

    /**
     * By the name that a registration gives as {@code class}.
     *
     * @param files where {@code csv} may write; null if nowhere
     */
    public static Map<String, HandlerFactory> all(@Nullable Path files) {
        return Map.of(
                "forward", new StandardHandler(ForwardHandler::of),
                "filter", new StandardHandler(FilterHandler::of),
                "map", new StandardHandler(MapHandler::of),
                "reduce", new StandardHandler(true, false, ReduceHandler::of),
                "csv", new StandardHandler(false, false, settings -> CsvHandler.of(settings, files)));
    }
}
