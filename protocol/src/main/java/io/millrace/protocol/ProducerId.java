package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name under which one producer numbers its appends to a queue, so that a repeated append is taken once.
 *
 * @param value {@code [A-Za-z0-9][A-Za-z0-9._-]{0,199}}
 */
public record ProducerId(@JsonValue String value) {
    private static final String SUFFIX = ".run";
    private static final int MOST = 200;

    /** @throws IllegalArgumentException if the name breaks the rule; the message says which rule */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ProducerId {
        Names.require("producer", value);
    }

    /** The one that a bot's runs are that read nothing: all of them together. */
    public static ProducerId of(BotId bot) {
        String name = bot.value();
        return new ProducerId(name.substring(0, Math.min(name.length(), MOST - SUFFIX.length())) + SUFFIX);
    }

    @Override
    public String toString() {
        return value;
    }
}
