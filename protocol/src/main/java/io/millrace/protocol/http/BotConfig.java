package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The registration of a bot ({@code PUT /v1/bots/{bot}}); it replaces the one before, a field left out takes its default.
 *
 * @param description for people, at most 2000 characters
 * @param owner for people, at most 200 characters
 * @param tags at most 50 of at most 100 characters
 * @param triggers the queues whose events start it, at most 100
 * @param schedule when it runs besides: cron of 5 fields, or of 6 with the seconds first
 * @param timeZone of the schedule, a name of the tz database, default UTC
 * @param handler who does its work
 * @param reads queues it reads beside its triggers, for the graph; with a schedule and no triggers, those that its runs read
 * @param writes queues it writes, for the graph
 * @param maxDuration how long a run may take, default 15 minutes
 * @param readFraction the part of that in which it reads, default 0.8
 * @param batch how many events its handler gets at once
 * @param retry how often an event that fails is tried
 * @param onPoison what becomes of an event whose attempts are used up or that the handler rejects, default {@link
 *     OnPoison#DEAD_LETTER}
 * @param lag from when on it is shown as late; {@code lagLimits} in answers, where {@code lag} tells how late it is
 * @param paused whether it rests
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BotConfig(
        @Nullable String description,
        @Nullable String owner,
        @Nullable List<String> tags,
        @Nullable List<String> triggers,
        @Nullable String schedule,
        @Nullable String timeZone,
        @Nullable HandlerSpec handler,
        @Nullable List<String> reads,
        @Nullable List<String> writes,
        @Nullable Duration maxDuration,
        @Nullable Double readFraction,
        @Nullable Batch batch,
        @Nullable Retry retry,
        @Nullable OnPoison onPoison,

        @JsonProperty("lagLimits") @JsonAlias("lag") @Nullable
        Lag lag,

        @Nullable Boolean paused) {

    /** The same with another handler. */
    public BotConfig withHandler(@Nullable HandlerSpec other) {
        return new BotConfig(
                description,
                owner,
                tags,
                triggers,
                schedule,
                timeZone,
                other,
                reads,
                writes,
                maxDuration,
                readFraction,
                batch,
                retry,
                onPoison,
                lag,
                paused);
    }

    /** The same as it may be shown: without a secret. */
    public BotConfig hidden() {
        return handler instanceof HandlerSpec.Webhook webhook ? withHandler(webhook.hidden()) : this;
    }

    /**
     * The limits of a batch; the first one reached ends it.
     *
     * @param count events, default 1000
     * @param bytes bytes of payload, default 4 MiB
     * @param time how long it may gather, default as it comes
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Batch(
            @Nullable Integer count,
            @Nullable Integer bytes,
            @Nullable Duration time) {}

    /**
     * When it counts as late.
     *
     * @param source how old what it reads may be, default 2.5 minutes
     * @param write how long ago it may have written
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Lag(@Nullable Duration source, @Nullable Duration write) {}

    /**
     * How often an event that fails alone is tried.
     *
     * @param attempts 1 to 10, default 3
     * @param backoff the wait after the first one, default 1 s, at most an hour; it doubles with each, up to an hour, and a
     *     random part of up to a half is taken off
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Retry(
            @Nullable Integer attempts, @Nullable Duration backoff) {}

    /** What becomes of a poison event. */
    public enum OnPoison {
        /** The bot is paused before it. */
        @JsonProperty("stop")
        STOP,
        /** It is passed, and counted. */
        @JsonProperty("skip")
        SKIP,
        /** It goes to the queue {@code <bot>.dead}, and is passed. */
        @JsonProperty("deadLetter")
        DEAD_LETTER
    }
}
