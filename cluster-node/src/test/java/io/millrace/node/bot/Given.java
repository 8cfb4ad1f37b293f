package io.millrace.node.bot;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bots in states that tests begin with; times are ms. */
final class Given {
    static final long NOW = 1_700_000_000_000L;
    static final HandlerSpec JAVA = new HandlerSpec.Java("io.example.Price", null);
    static final HandlerSpec WORKER = new HandlerSpec.Worker(null);

    static final HandlerSpec.Webhook WEBHOOK = new HandlerSpec.Webhook(
            "https://hooks.example.com/orders",
            Duration.ofSeconds(5),
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            HandlerSpec.Format.JSON);

    private Given() {}

    static BotConfig config(HandlerSpec handler, String... triggers) {
        return config(handler, null, null, triggers);
    }

    static BotConfig config(
            @Nullable HandlerSpec handler, @Nullable Duration max, @Nullable Double fraction, String... triggers) {
        return new BotConfig(
                null,
                null,
                null,
                List.of(triggers),
                null,
                null,
                handler,
                null,
                null,
                max,
                fraction,
                null,
                null,
                null,
                null,
                null);
    }

    /** A worker bot with nothing but a schedule, by the clocks of Berlin. */
    static BotConfig scheduled(String cron) {
        return new BotConfig(
                null,
                null,
                null,
                List.of(),
                cron,
                "Europe/Berlin",
                WORKER,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** A java bot of one queue that says what becomes of events that fail. */
    static BotConfig retrying(BotConfig.Retry retry, BotConfig.@Nullable OnPoison onPoison) {
        return new BotConfig(
                null,
                null,
                null,
                List.of("orders"),
                null,
                null,
                JAVA,
                null,
                null,
                null,
                null,
                null,
                retry,
                onPoison,
                null,
                null);
    }

    static BotState state(BotEvent... events) {
        return apply(BotState.EMPTY, Arrays.asList(events));
    }

    static BotState apply(BotState state, List<BotEvent> events) {
        BotState next = state;
        for (BotEvent event : events) {
            next = next.apply(event);
        }
        return next;
    }

    /** A worker bot triggered by {@code orders}. */
    static BotState registered() {
        return state(new BotEvent.Registered(NOW, config(WORKER, "orders")));
    }

    /** The same with its next run under way since {@link #NOW}. */
    static BotState running() {
        BotState registered = registered();
        return registered.apply(RunDecisions.start(registered, "run-1", "node", "worker", NOW, RunCause.EVENTS));
    }

    static EventId id(long n) {
        return new EventId(NOW, 0).plus(n);
    }

    static Checkpoint checkpoint(long n) {
        return new Checkpoint(Position.of(id(n)), n, NOW - 5_000, NOW, NOW + 1);
    }

    static Map<String, Checkpoint> at(long n) {
        return Map.of("orders", checkpoint(n));
    }
}
