package io.millrace.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.sse;

import io.gatling.javaapi.core.ChainBuilder;
import java.time.Duration;

/** Readers at the tail of the session's queue, by long polls and by event streams. */
final class Following {
    private static final String STREAM = "stream"; // a session has one at most
    private static final int WAIT_SECONDS = 2;
    private static final int LIMIT = 1_000;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Requests requests;
    private final Ledger ledger;

    Following(Requests requests, Ledger ledger) {
        this.requests = requests;
        this.ledger = ledger;
    }

    /** Asks for what comes next, again and again, and waits a little where there is no answer. */
    ChainBuilder byPolling(String name, Duration duration) {
        return exec(session -> session.set(Requests.AFTER, Requests.BEGINNING))
                .exec(during(duration)
                        .on(exec(requests.read(name, LIMIT, WAIT_SECONDS))
                                .exec(requests.countFreshness(name))
                                .doIf(session -> !Requests.hasPage(session))
                                .then(pause(LOOK))));
    }

    /** Keeps one answer open; what came is looked at once a second, as of when it came. */
    ChainBuilder byStream(String name, Duration duration) {
        return exec(sse(name, STREAM).get("/v1/queues/#{queue}/events").header("Accept", "text/event-stream"))
                .exec(during(duration).on(pause(LOOK).exec(sse.processUnmatchedMessages(STREAM, (messages, session) -> {
                    messages.forEach(message -> {
                        long sent = Page.sent(message.message().replace("\\", ""), 0);
                        if (sent > 0) {
                            ledger.delivered(name, message.timestamp() - sent);
                        }
                    });
                    return session;
                }))))
                .exec(sse(name + ": close", STREAM).close());
    }
}
