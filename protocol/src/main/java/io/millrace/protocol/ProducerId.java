package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name under which one producer numbers its appends to a queue, so that a repeated append is taken once.
 *
 * @param value {@code [A-Za-z0-9][A-Za-z0-9._-]{0,199}}
 */
public record ProducerId(@JsonValue String value) {
    /** @throws IllegalArgumentException if the name breaks the rule; the message says which rule */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ProducerId {
        Names.require("producer", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
