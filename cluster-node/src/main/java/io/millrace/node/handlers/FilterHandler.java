package io.millrace.node.handlers;

import io.millrace.node.filter.EventFilter;
import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code filter}: copies the events that {@code expression} is true for, as a read's {@code where}, into {@code to}. */
record FilterHandler(EventFilter filter, List<String> to) implements EventHandler {
    static @Nullable BotHandler of(Settings settings) {
        EventFilter filter = settings.text("expression", EventFilter::compile);
        List<String> to = settings.queues("to");
        return filter != null && settings.isFine() ? new FilterHandler(filter, to) : null;
    }

    @Override
    public void handle(Event event, Emitter out) {
        if (filter.matches(event)) {
            to.forEach(queue -> out.emit(queue, event.payload()));
        }
    }
}
