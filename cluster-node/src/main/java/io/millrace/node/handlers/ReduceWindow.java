package io.millrace.node.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.node.run.WindowHandler;
import io.millrace.protocol.Event;
import io.millrace.protocol.handler.Emitter;
import java.util.LinkedHashMap;
import java.util.Map;

/** One window of a {@link ReduceHandler}: the folds of each key. It keeps those, not the events. */
final class ReduceWindow implements WindowHandler.Window {
    /** The most keys of one window: their events have to fit into one append. */
    static final int MAX_KEYS = 10_000;

    /** What the keys and the collected values of one window may take, bytes of JSON: what one append may. */
    static final int MAX_BYTES = 12 << 20;

    private static final int BYTES_PER_FOLD = 40;

    private final ReduceHandler settings;
    private final Map<JsonNode, Map<String, Fold>> keys = new LinkedHashMap<>();
    private final long start;
    private long last;
    private int events;
    private long bytes;

    ReduceWindow(ReduceHandler settings, Event first) {
        this.settings = settings;
        start = isTimed() ? Math.floorDiv(first.timestamp(), settings.millis()) * settings.millis() : first.timestamp();
        last = start;
    }

    private boolean isTimed() {
        return settings.millis() > 0;
    }

    private long end() {
        return isTimed() ? start + settings.millis() : last;
    }

    @Override
    public boolean takes(Event next) {
        return !isTimed() || next.timestamp() < end();
    }

    @Override
    public boolean isOver(long emptySince) {
        return isTimed() ? emptySince >= end() + ReduceHandler.GRACE_MILLIS : events == settings.count();
    }

    @Override
    public void add(Event event) {
        JsonNode payload = event.payload().tree();
        Map<String, Fold> folds = keys.computeIfAbsent(key(event, payload), this::begin);
        settings.result().forEach((name, column) -> {
            Fold fold = folds.get(name);
            if (fold != null) {
                bytes += fold.add(value(column, event, payload));
            }
        });
        last = event.timestamp();
        events++;
        if (keys.size() > MAX_KEYS || bytes > MAX_BYTES) {
            throw new IllegalStateException("a window holds more than " + MAX_KEYS + " keys or " + MAX_BYTES
                    + " bytes of them and of collected values: make it smaller");
        }
    }

    private Map<String, Fold> begin(JsonNode key) {
        Map<String, Fold> folds = new LinkedHashMap<>();
        settings.result().forEach((name, column) -> {
            folds.put(name, column.kind().begin());
            bytes += BYTES_PER_FOLD + name.length();
        });
        bytes += key.toString().length();
        return folds;
    }

    private JsonNode key(Event event, JsonNode payload) {
        EventPointer pointer = settings.key();
        JsonNode key = pointer == null ? null : pointer.in(event, payload);
        return key == null || key.isMissingNode() ? JsonNodeFactory.instance.nullNode() : key;
    }

    /** Without a pointer it is the event that counts, whatever it holds. */
    private static JsonNode value(ReduceHandler.Column column, Event event, JsonNode payload) {
        EventPointer pointer = column.of();
        return pointer == null ? BooleanNode.TRUE : pointer.in(event, payload);
    }

    @Override
    public void emit(Emitter out) {
        keys.forEach((key, folds) -> {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            if (settings.key() != null) {
                result.set("key", key);
            }
            result.putObject("window").put("start", start).put("end", end());
            folds.forEach((name, fold) -> result.withObject("/result").set(name, fold.result()));
            settings.to().forEach(queue -> out.emit(queue, result));
        });
    }
}
