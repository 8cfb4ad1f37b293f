package io.millrace.node.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.run.HandlerFactory;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.handler.BotHandler;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A handler that ships with the node.
 *
 * @param hasWindows whether it makes {@link io.millrace.node.run.WindowHandler}s
 * @param takesLanes whether several of them may work side by side
 * @param make reads the settings; null if they can't work
 */
record StandardHandler(boolean hasWindows, boolean takesLanes, Function<Settings, @Nullable BotHandler> make)
        implements HandlerFactory {
    StandardHandler(Function<Settings, @Nullable BotHandler> make) {
        this(false, true, make);
    }

    @Override
    public List<InputError> check(JsonNode settings, List<String> triggers) {
        Settings read = new Settings(settings, triggers);
        @Nullable BotHandler unused = make.apply(read);
        return read.errors();
    }

    @Override
    public BotHandler create(JsonNode settings) {
        Settings read = new Settings(settings, List.of());
        BotHandler handler = make.apply(read);
        if (handler == null) {
            // Registered where other rules held: an older version, or a node with other settings.
            InputError first = read.errors().get(0);
            throw new IllegalStateException(first.pointer() + " " + first.detail());
        }
        return handler;
    }
}
