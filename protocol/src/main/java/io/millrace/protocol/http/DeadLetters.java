package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be done with the events that a bot couldn't handle; they are read as the queue {@code <bot>.dead}. */
public final class DeadLetters {
    private DeadLetters() {}

    /**
     * Sends dead letters back through the bot ({@code POST /v1/bots/{bot}/dead/redrive}); exactly one field is given.
     *
     * @param eid one of them, by its id in the queue of dead letters
     * @param events 1 to 100 of them with other payloads, each once
     * @param all true for all, in order, up to 1000 or 8 MiB at a time
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Redrive(
            @Nullable EventId eid,
            @Nullable List<Edited> events,
            @Nullable Boolean all) {}

    /**
     * A dead letter with another payload.
     *
     * @param eid its id in the queue of dead letters
     * @param payload what the bot gets
     */
    public record Edited(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            EventId eid,

            @JsonProperty(required = true) Payload payload) {}

    /**
     * What was done with dead letters.
     *
     * @param events how many were redriven or purged now
     * @param more whether there are others, for which it is to be asked again
     */
    public record Settled(long events, boolean more) {}
}
