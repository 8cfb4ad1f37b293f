package io.millrace.load.bench;

import io.millrace.client.BotRegistration;
import io.millrace.client.Millrace;
import io.millrace.client.Worker;
import io.millrace.protocol.handler.EventHandler;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bot from one queue to another, whose runs a worker in this process does, or a handler on the node. */
final class OneBot implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Millrace millrace;
    private final String bot;
    private final @Nullable Worker worker;

    private OneBot(Millrace millrace, String bot, @Nullable Worker worker) {
        this.millrace = millrace;
        this.bot = bot;
        this.worker = worker;
    }

    /** Registers it, which wakes it if events wait, and starts its worker unless it runs on the node. */
    static OneBot start(
            Millrace millrace,
            String bot,
            String from,
            String to,
            Class<? extends EventHandler> handler,
            boolean onNode) {
        BotRegistration registration = onNode ? BotRegistration.java(handler.getName()) : BotRegistration.worker();
        millrace.bots().register(bot, registration.triggers(from).writes(to).settings(Map.of("to", to)));
        return new OneBot(millrace, bot, onNode ? null : millrace.worker(bot, instance(handler)));
    }

    private static EventHandler instance(Class<? extends EventHandler> handler) {
        try {
            return handler.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(handler + " can't be made", e);
        }
    }

    String bot() {
        return bot;
    }

    /** How its last run failed, or that none did. */
    String trouble() {
        return millrace.bots()
                .get(bot)
                .map(info -> info.lastError() == null ? "no run has failed" : info.lastError())
                .orElse("the bot is gone");
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.close(STOP_LIMIT);
        }
        millrace.bots().archive(bot);
    }
}
