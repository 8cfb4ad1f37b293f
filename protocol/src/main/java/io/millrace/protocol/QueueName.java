package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a queue.
 *
 * @param value {@code [A-Za-z0-9][A-Za-z0-9._-]{0,199}}
 */
public record QueueName(@JsonValue String value) implements Comparable<QueueName> {
    /** @throws IllegalArgumentException if the name breaks the rule; the message says which rule */
    public QueueName {
        Names.require("queue", value);
    }

    /** Accepts the bare name and the reference form {@code queue:name}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static QueueName of(String reference) {
        return new QueueName(reference.startsWith("queue:") ? reference.substring("queue:".length()) : reference);
    }

    @Override
    public int compareTo(QueueName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
