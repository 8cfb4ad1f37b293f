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
 * @param lanes how many lanes share its events, 1 to 64, each with one running instance; default 1; {@code laneCount} in answers,
 *     where {@code lanes} tells how each does
 * @param laneKey what they are divided by, a JSON pointer into payloads ({@link io.millrace.protocol.lane.LaneKey}): the
 *     order is kept among events that have the same value there; needed with more than one lane
 * @param lag from when on it is shown as late; {@code lagLimits} in answers, where {@code lag} tells how late it is
 * @param paused whether it rests
 * @param onPoisonKey what becomes of the later events of a key whose event went to the dead letters, default {@link
 *     OnPoisonKey#FOLLOW}
 * @param poisonKey where that key stands, a JSON pointer into payloads ({@link io.millrace.protocol.lane.LaneKey}); needed with
 *     {@link OnPoisonKey#WAIT}
 * @param allowCycle whether it may write to a queue that it reads, default false
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

        @JsonProperty("laneCount") @JsonAlias("lanes") @Nullable
        Integer lanes,

        @Nullable String laneKey,

        @JsonProperty("lagLimits") @JsonAlias("lag") @Nullable
        Lag lag,

        @Nullable Boolean paused,
        @Nullable OnPoisonKey onPoisonKey,
        @Nullable String poisonKey,
        @Nullable Boolean allowCycle) {
    /** One without lanes, whose keys don't wait. */
    public BotConfig(
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
            @Nullable Lag lag,
            @Nullable Boolean paused) {
        this(
                description,
                owner,
                tags,
                triggers,
                schedule,
                timeZone,
                handler,
                reads,
                writes,
                maxDuration,
                readFraction,
                batch,
                retry,
                onPoison,
                null,
                null,
                lag,
                paused,
                null,
                null,
                null);
    }

    /** The same with what becomes of keys. */
    public BotConfig withPoisonKey(@Nullable OnPoisonKey what, @Nullable String key) {
        return new BotConfig(
                description,
                owner,
                tags,
                triggers,
                schedule,
                timeZone,
                handler,
                reads,
                writes,
                maxDuration,
                readFraction,
                batch,
                retry,
                onPoison,
                lanes,
                laneKey,
                lag,
                paused,
                what,
                key,
                allowCycle);
    }

    /** How many lanes share its events, 1 for none. */
    public int laneCount() {
        return lanes == null ? 1 : lanes;
    }

    /** The same with other lanes. */
    public BotConfig withLanes(@Nullable Integer count, @Nullable String key) {
        return new BotConfig(
                description,
                owner,
                tags,
                triggers,
                schedule,
                timeZone,
                handler,
                reads,
                writes,
                maxDuration,
                readFraction,
                batch,
                retry,
                onPoison,
                count,
                key,
                lag,
                paused,
                onPoisonKey,
                poisonKey,
                allowCycle);
    }

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
                lanes,
                laneKey,
                lag,
                paused,
                onPoisonKey,
                poisonKey,
                allowCycle);
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

    /** What becomes of the later events of a key, in the same queue, whose event went to the dead letters. */
    public enum OnPoisonKey {
        /** They are handled as any. */
        @JsonProperty("follow")
        FOLLOW,
        /** They aren't handled before it: they go behind it into the dead letters, until it is redriven and handled, or purged. */
        @JsonProperty("wait")
        WAIT
    }

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
