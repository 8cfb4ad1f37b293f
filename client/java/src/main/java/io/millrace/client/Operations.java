package io.millrace.client;

import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The handlers behind {@code offload}, {@code enrich} and {@code reduce}. */
final class Operations {
    private Operations() {}

    static EventHandler offload(EventConsumer consumer) {
        return (event, out) -> consumer.accept(event);
    }

    static EventHandler enrich(String to, EventFunction function) {
        return (event, out) -> emit(out, to, function.apply(event));
    }

    static BotHandler reduce(String to, BatchFunction function) {
        return (events, out) -> emit(out, to, function.apply(events));
    }

    private static void emit(Emitter out, String to, @Nullable Object result) {
        Object value = result instanceof Optional<?> optional ? optional.orElse(null) : result;
        if (value instanceof List<?> list) {
            list.forEach(one -> out.emit(to, one));
        } else if (value != null) {
            out.emit(to, value);
        }
    }
}
