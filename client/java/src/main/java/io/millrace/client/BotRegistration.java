package io.millrace.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a bot's registration. What isn't set takes the bus's default. Not thread-safe. */
public final class BotRegistration {
    private final List<String> triggers = new ArrayList<>();
    private final List<String> reads = new ArrayList<>();
    private final List<String> writes = new ArrayList<>();
    private final @Nullable String javaClass;
    private final @Nullable String url;
    private @Nullable Duration timeout;
    private @Nullable String secret;
    private HandlerSpec.@Nullable Format format;
    private @Nullable String schedule;
    private @Nullable String timeZone;
    private @Nullable String description;
    private @Nullable String owner;
    private @Nullable List<String> tags;
    private @Nullable JsonNode settings;
    private @Nullable Duration maxDuration;
    private @Nullable Double readFraction;
    private BotConfig.@Nullable Batch batch;
    private BotConfig.@Nullable Retry retry;
    private BotConfig.@Nullable OnPoison onPoison;
    private BotConfig.@Nullable Lag lag;
    private @Nullable Boolean paused;

    private BotRegistration(@Nullable String javaClass, @Nullable String url) {
        this.javaClass = javaClass;
        this.url = url;
    }

    /** A bot that workers of your own do the work of: see {@link Millrace#worker}. */
    public static BotRegistration worker() {
        return new BotRegistration(null, null);
    }

    /** A bot whose handler is a class on the nodes. */
    public static BotRegistration java(String className) {
        return new BotRegistration(className, null);
    }

    /**
     * A bot whose handler is a server of your own that the nodes send batches to: see {@link
     * io.millrace.protocol.http.WebhookAnswer} for what it answers.
     *
     * @param url http or https, at a public address unless the nodes' settings allow it
     */
    public static BotRegistration webhook(String url) {
        return new BotRegistration(null, url);
    }

    /**
     * Only of a webhook: what its calls are signed with, as Standard Webhooks has it.
     *
     * @param secret {@code whsec_} and base64 of 24 to 64 bytes; while it is changed the new and the old one with a space between
     */
    public BotRegistration secret(String secret) {
        requireWebhook();
        this.secret = secret;
        return this;
    }

    /** Only of a webhook: how long a call may take in all, 1 second to 10 minutes; default 30 s. */
    public BotRegistration timeout(Duration time) {
        requireWebhook();
        timeout = time;
        return this;
    }

    /** Only of a webhook: how it gets a batch; default a line for each event. */
    public BotRegistration format(HandlerSpec.Format form) {
        requireWebhook();
        format = form;
        return this;
    }

    private void requireWebhook() {
        if (url == null) {
            throw new IllegalStateException("this is no webhook");
        }
    }

    /** Queues whose events start it, at most 100. */
    public BotRegistration triggers(String... queues) {
        add(triggers, queues);
        return this;
    }

    /**
     * When it runs besides, in UTC.
     *
     * @param cron five fields, or six with the seconds first; of the slots that are missed the last one is made up for
     */
    public BotRegistration schedule(String cron) {
        schedule = cron;
        return this;
    }

    /**
     * When it runs besides.
     *
     * @param cron as with {@link #schedule(String)}
     * @param zone whose clocks the schedule goes by; a region of the tz database, not an offset
     */
    public BotRegistration schedule(String cron, ZoneId zone) {
        schedule = cron;
        timeZone = zone.getId();
        return this;
    }

    /** Queues it reads beside its triggers, for the graph; with a schedule and no triggers, those that its runs read. */
    public BotRegistration reads(String... queues) {
        add(reads, queues);
        return this;
    }

    /** Queues it writes, for the graph. */
    public BotRegistration writes(String... queues) {
        add(writes, queues);
        return this;
    }

    private static void add(List<String> list, String... queues) {
        for (String queue : queues) {
            list.add(QueueName.of(queue).value());
        }
    }

    /** What it does, for people, at most 2000 characters. */
    public BotRegistration description(String text) {
        description = text;
        return this;
    }

    /** Whose it is, for people, at most 200 characters. */
    public BotRegistration owner(String name) {
        owner = name;
        return this;
    }

    /** At most 50 of at most 100 characters. */
    public BotRegistration tags(String... names) {
        tags = List.of(names);
        return this;
    }

    /** An object handed to the handler with each run; anything that Jackson writes as a JSON object. Not of a webhook. */
    public BotRegistration settings(Object value) {
        if (url != null) {
            throw new IllegalStateException("a webhook has no settings");
        }
        settings = Json.mapper().valueToTree(value);
        return this;
    }

    /** How long a run may take; default 15 minutes. */
    public BotRegistration maxDuration(Duration time) {
        maxDuration = time;
        return this;
    }

    /** The part of that in which a run reads, above 0 to 1; default 0.8. */
    public BotRegistration readFraction(double fraction) {
        readFraction = fraction;
        return this;
    }

    /** How many events its handler gets at once; default 1000 events or 4 MiB, as they come. */
    public BotRegistration batch(BatchLimits limits) {
        batch = limits.toConfig();
        return this;
    }

    /**
     * How often an event that fails is tried; default 3 times, a second after the first.
     *
     * @param attempts 1 to 10
     * @param backoff the wait after the first attempt, 10 ms to an hour; it doubles with each, and a random part of up to a
     *     half is taken off
     */
    public BotRegistration retry(int attempts, Duration backoff) {
        retry = new BotConfig.Retry(Check.range("attempts", attempts, 1, 10), backoff);
        return this;
    }

    /** What becomes of an event whose attempts are used up, or that the handler rejects; default dead letter. */
    public BotRegistration onPoison(BotConfig.OnPoison disposal) {
        onPoison = disposal;
        return this;
    }

    /** From when on it is shown as late: how old what it reads may be; default 2.5 minutes. */
    public BotRegistration lateAfter(Duration source) {
        lag = new BotConfig.Lag(source, null);
        return this;
    }

    /** Whether it begins at rest; default false. */
    public BotRegistration paused(boolean rests) {
        paused = rests;
        return this;
    }

    /** The registration as it stands on the wire. */
    public BotConfig toConfig() {
        return new BotConfig(
                description,
                owner,
                tags,
                List.copyOf(triggers),
                schedule,
                timeZone,
                handler(),
                reads.isEmpty() ? null : List.copyOf(reads),
                writes.isEmpty() ? null : List.copyOf(writes),
                maxDuration,
                readFraction,
                batch,
                retry,
                onPoison,
                lag,
                paused);
    }

    private HandlerSpec handler() {
        if (url != null) {
            return new HandlerSpec.Webhook(url, timeout, secret, format);
        }
        return javaClass == null ? new HandlerSpec.Worker(settings) : new HandlerSpec.Java(javaClass, settings);
    }
}
