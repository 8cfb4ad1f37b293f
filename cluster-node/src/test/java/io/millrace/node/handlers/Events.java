package io.millrace.node.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.WholeNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RunInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Events of the queue {@code orders}, and what handlers emit for them. */
final class Events {
    static final long NOW = 1_700_000_000_000L;

    private Events() {}

    static Event event(long n, String payload) {
        return at(NOW, n, payload);
    }

    static Event at(long millis, long n, String payload) {
        return new Event(null, "orders", new EventId(millis, (int) n), millis, millis, null, Payload.ofJson(payload));
    }

    static BotHandler handler(String name, String settings) {
        return Objects.requireNonNull(StandardHandlers.all(null).get(name)).create(WholeNode.json(settings));
    }

    /** As {@code queue payload}. */
    static List<String> emitted(BotHandler handler, Event... events) throws Exception {
        Emitted emitted = new Emitted("bot", 1);
        handler.handle(List.of(events), emitted);
        return emitted.all;
    }

    /** Why a registration is refused, as {@code pointer detail}. */
    static List<String> errors(String name, String settings, String... triggers) {
        return Objects.requireNonNull(StandardHandlers.all(null).get(name))
                .check(WholeNode.json(settings), List.of(triggers))
                .stream()
                .map(error -> {
                    assertThat(error.pointer()).startsWith("/handler/settings");
                    return error.pointer().substring("/handler/settings".length()) + " " + error.detail();
                })
                .toList();
    }

    /** Takes what is emitted. */
    static final class Emitted implements Emitter {
        final List<String> all = new ArrayList<>();
        private final RunInfo run;

        Emitted(String bot, long epoch) {
            run = new RunInfo(
                    bot,
                    "run",
                    epoch,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    WholeNode.json("{}"),
                    RunReason.EVENTS,
                    null,
                    null);
        }

        @Override
        public void emit(String queue, @Nullable Object payload) {
            all.add(queue + " " + Payload.of(payload));
        }

        @Override
        public Emitter from(Event event) {
            return this;
        }

        @Override
        public RunInfo run() {
            return run;
        }
    }
}
