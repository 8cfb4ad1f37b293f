package io.millrace.node.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.node.filter.InvalidFilterException;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.QueueName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a handler's settings and gathers all that is wrong with them, each with its pointer. What is asked for is what there
 * is: any other field is refused, for a misspelt one would leave its default in force, silently.
 */
final class Settings {
    private static final int MAX_QUEUES = 100;

    private final String pointer;
    private final JsonNode object;
    private final List<String> triggers;
    private final List<InputError> errors;
    private final Set<String> known = new TreeSet<>();
    private final List<Settings> parts = new ArrayList<>();

    /** @param triggers the queues that the bot reads */
    Settings(JsonNode object, List<String> triggers) {
        this("/handler/settings", object, triggers, new ArrayList<>());
    }

    private Settings(String pointer, JsonNode object, List<String> triggers, List<InputError> errors) {
        this.pointer = pointer;
        this.object = object;
        this.triggers = triggers;
        this.errors = errors;
    }

    /** All that is wrong, to be asked for when everything was read. */
    List<InputError> errors() {
        refuseUnknown();
        return List.copyOf(errors);
    }

    boolean isFine() {
        return errors.isEmpty();
    }

    private void refuseUnknown() {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                error(name, "there is no such setting; there are " + String.join(", ", known));
            }
        });
        parts.forEach(Settings::refuseUnknown);
    }

    /** Notes what is wrong with a setting. */
    void error(String name, String detail) {
        errors.add(new InputError(null, at(name), detail));
    }

    /** As {@link #error(String, String)}, about a place within the setting. */
    void error(String name, String within, String detail) {
        errors.add(new InputError(null, at(name) + within, detail));
    }

    private String at(String name) {
        return name.isEmpty()
                ? pointer
                : pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** The setting as it stands; null where it isn't given. */
    @Nullable
    JsonNode optional(String name) {
        known.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** The setting as it stands; null, and an error noted, where it isn't given. */
    @Nullable
    JsonNode required(String name) {
        JsonNode value = optional(name);
        if (value == null) {
            error(name, "is needed");
        }
        return value;
    }

    /**
     * A text made into something.
     *
     * @param parse throws an IllegalArgumentException or InvalidFilterException whose message says what would be right
     */
    <T> @Nullable T text(String name, Function<String, T> parse) {
        JsonNode value = required(name);
        return value == null ? null : parsed(name, value, parse);
    }

    /** As {@link #text}, but it may be missing. */
    <T> @Nullable T optionalText(String name, Function<String, T> parse) {
        JsonNode value = optional(name);
        return value == null ? null : parsed(name, value, parse);
    }

    private <T> @Nullable T parsed(String name, JsonNode value, Function<String, T> parse) {
        if (!value.isTextual()) {
            error(name, "must be a text");
            return null;
        }
        try {
            return parse.apply(value.textValue());
        } catch (IllegalArgumentException | InvalidFilterException e) {
            error(name, e.getMessage() == null ? "can't be used" : e.getMessage());
            return null;
        }
    }

    /** A whole number, or what holds where it isn't given. */
    long number(String name, long least, long most, long otherwise) {
        JsonNode value = optional(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            error(name, "must be a whole number from " + least + " to " + most);
            return otherwise;
        }
        return value.longValue();
    }

    /** True, false, or false where it isn't given. */
    boolean flag(String name) {
        JsonNode value = optional(name);
        if (value != null && !value.isBoolean()) {
            error(name, "must be true or false");
        }
        return value != null && value.asBoolean();
    }

    /** The queue or the queues to emit into; none of them may wake the bot, or it would never come to an end. */
    List<String> queues(String name) {
        JsonNode value = required(name);
        if (value == null) {
            return List.of();
        }
        List<JsonNode> items = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(items::add);
        } else {
            items.add(value);
        }
        if (items.isEmpty() || items.size() > MAX_QUEUES) {
            error(name, "must be a queue, or a list of 1 to " + MAX_QUEUES);
            return List.of();
        }
        List<String> queues = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Settings where = value.isArray() ? part(name, value) : this;
            where.queue(value.isArray() ? Integer.toString(i) : name, items.get(i), queues);
        }
        return queues;
    }

    private void queue(String name, JsonNode value, List<String> queues) {
        try {
            String queue =
                    QueueName.of(value.isTextual() ? value.textValue() : "").value();
            if (triggers.contains(queue)) {
                error(name, "is a queue that wakes this bot: it would never come to an end");
            } else if (queues.contains(queue)) {
                error(name, "a queue stands there twice");
            }
            queues.add(queue);
        } catch (IllegalArgumentException e) {
            error(name, "is not the name of a queue");
        }
    }

    /** A setting that is an object with settings of its own; empty, and an error noted, where it isn't. */
    Settings object(String name) {
        JsonNode value = required(name);
        if (value != null && !value.isObject()) {
            error(name, "must be an object");
        }
        Settings part = part(name, value != null && value.isObject() ? value : JsonNodeFactory.instance.objectNode());
        parts.add(part);
        return part;
    }

    /** All fields, each an object with settings of its own, in their order. */
    Map<String, Settings> objects() {
        Map<String, Settings> all = new LinkedHashMap<>();
        object.fieldNames().forEachRemaining(name -> all.put(name, object(name)));
        return all;
    }

    /** The names of all fields, in their order, as known ones. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        known.addAll(names);
        return names;
    }

    private Settings part(String name, JsonNode value) {
        return new Settings(at(name), value, triggers, errors);
    }
}
