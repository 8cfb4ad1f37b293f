package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.millrace.protocol.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of a queue that one bot handles again, beside its position and without moving it ({@code /v1/replays}).
 *
 * @param id names it
 * @param bot who handles the events again
 * @param queue where they stand
 * @param after exclusive
 * @param until inclusive
 * @param rate events a second at most
 * @param by who asked
 * @param state how it stands
 * @param events how many the range had when this was planned
 * @param bytes their stored bytes, about
 * @param estimatedTime how long it will take, by the rate and by how fast the bot was in its last runs; absent if neither is known
 * @param downstream who will see what comes of it; only in the answer to the plan
 * @param plannedAt when
 * @param expiresAt a plan that isn't started until then can't be any more
 * @param startedAt absent before
 * @param endedAt absent before
 * @param into the queue that the bot gets the events by
 * @param copied events that have been handed over to the bot
 * @param handled events of these that the bot is done with
 * @param error what went wrong
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Replay(
        String id,
        String bot,
        String queue,
        Position after,
        Position until,
        @Nullable Long rate,
        @Nullable String by,
        State state,
        long events,
        long bytes,
        @Nullable Duration estimatedTime,
        @Nullable Downstream downstream,
        Instant plannedAt,
        Instant expiresAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String into,
        long copied,
        long handled,
        @Nullable String error) {

    /** How a replay stands. */
    public enum State {
        /** It waits to be started. */
        @JsonProperty("planned")
        PLANNED,
        /** It wasn't started in time. */
        @JsonProperty("expired")
        EXPIRED,
        /** It is under way. */
        @JsonProperty("running")
        RUNNING,
        /** All of it was handled. */
        @JsonProperty("done")
        DONE,
        /** Somebody has ended it. */
        @JsonProperty("cancelled")
        CANCELLED,
        /** It could not go on. */
        @JsonProperty("failed")
        FAILED
    }

    /**
     * Asks for a plan ({@code POST /v1/replays}).
     *
     * @param bot who is to handle the events again
     * @param queue one that it reads
     * @param after exclusive: {@code beginning}, an ISO-8601 instant, an event id or a prefix of one
     * @param until inclusive: as that, or {@code now}, which is the default
     * @param rate events a second at most, 1 to 1000000; default as fast as the bot can
     * @param by who asks, at most 200 characters
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Request(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            String bot,

            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            String queue,

            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            String after,

            @Nullable String until,
            @Nullable Long rate,
            @Nullable String by) {}

    /**
     * Who will see what comes of a replay, as far as the bus knows who reads and writes what.
     *
     * @param queues that the bot writes, and those that bots behind it write, and so on
     * @param bots that these wake
     * @param complete whether that is all of them: at most 100 of each are looked at
     */
    public record Downstream(List<String> queues, List<String> bots, boolean complete) {}

    /** A bot's last replays, newest first. */
    public record Listing(List<Replay> replays) {}
}
