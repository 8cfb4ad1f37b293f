package io.millrace.node.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.filter.EventTemplate;
import io.millrace.protocol.Event;
import io.millrace.protocol.Payload;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code map}: makes each event's payload anew from {@code template}, an {@link EventTemplate}, and emits it into {@code to}.
 * With {@code merge} what comes of the template is laid over the payload, as a JSON Merge Patch (RFC 7396).
 */
record MapHandler(EventTemplate template, boolean merge, List<String> to) implements EventHandler {
    static @Nullable BotHandler of(Settings settings) {
        JsonNode given = settings.required("template");
        EventTemplate template = given == null
                ? null
                : EventTemplate.compile(given, (pointer, detail) -> settings.error("template", pointer, detail));
        boolean merge = settings.flag("merge");
        List<String> to = settings.queues("to");
        return template != null && settings.isFine() ? new MapHandler(template, merge, to) : null;
    }

    @Override
    public void handle(Event event, Emitter out) {
        JsonNode made = template.apply(event);
        Payload payload = Payload.of(merge ? MergePatch.apply(event.payload().tree(), made) : made);
        to.forEach(queue -> out.emit(queue, payload));
    }
}
