package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a bot.
 *
 * @param value {@code [A-Za-z0-9][A-Za-z0-9._-]{0,199}}
 */
public record BotId(@JsonValue String value) implements Comparable<BotId> {
    /** @throws IllegalArgumentException if the name breaks the rule; the message says which rule */
    public BotId {
        Names.require("bot", value);
    }

    /** Accepts the bare name and the reference form {@code bot:name}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static BotId of(String reference) {
        return new BotId(reference.startsWith("bot:") ? reference.substring("bot:".length()) : reference);
    }

    /** True if the bare name keeps the rule. */
    public static boolean isValid(String name) {
        return Names.isValid(name);
    }

    @Override
    public int compareTo(BotId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
