package io.millrace.node.handlers;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code forward}: copies each event into one or several queues, {@code to}. */
record ForwardHandler(List<String> to) implements EventHandler {
    static @Nullable BotHandler of(Settings settings) {
        List<String> to = settings.queues("to");
        return settings.isFine() ? new ForwardHandler(to) : null;
    }

    @Override
    public void handle(Event event, Emitter out) {
        to.forEach(queue -> out.emit(queue, event.payload()));
    }
}
