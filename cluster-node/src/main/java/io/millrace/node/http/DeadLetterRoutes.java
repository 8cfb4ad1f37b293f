package io.millrace.node.http;

import io.millrace.node.application.Bots;
import io.millrace.node.application.Scope;
import io.millrace.protocol.BotId;
import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.DeadLetters;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** What becomes of the events that a bot couldn't handle; they are read as any queue. */
final class DeadLetterRoutes {
    private static final int MOST_EDITED = 100;
    private static final int ID = 100;

    private final Bots bots;
    private final JsonBodies json;

    DeadLetterRoutes(Bots bots, JsonBodies json) {
        this.bots = bots;
        this.json = json;
    }

    void addTo(Router router) {
        router.on("POST", "/v1/bots/{bot}/dead/redrive", Guard.bot(Scope.ADMIN), this::redrive)
                .on("DELETE", "/v1/bots/{bot}/dead", Guard.bot(Scope.ADMIN), Set.of("eid"), this::purge);
    }

    private CompletionStage<HttpResponse> redrive(Exchange exchange) {
        BotId bot = exchange.bot();
        return json.read(exchange, DeadLetters.Redrive.class)
                .thenCompose(redrive -> {
                    check(redrive);
                    return bots.redrive(bot, redrive);
                })
                .thenApply(Answers::ok);
    }

    private static void check(DeadLetters.Redrive redrive) {
        List<DeadLetters.Edited> events = redrive.events();
        Boolean all = redrive.all();
        int given = (redrive.eid() == null ? 0 : 1) + (events == null ? 0 : 1) + (Boolean.TRUE.equals(all) ? 1 : 0);
        if (given != 1 || Boolean.FALSE.equals(all)) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, "", "takes one of eid, events, and all: true");
        }
        if (events == null) {
            return;
        }
        if (events.isEmpty() || events.size() > MOST_EDITED) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, "/events", "takes 1 to " + MOST_EDITED + " events");
        }
        for (int i = 0; i < events.size(); i++) {
            JsonBodies.requireField("/events/" + i, events.get(i));
        }
        if (events.stream().map(DeadLetters.Edited::eid).distinct().count() < events.size()) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, "/events", "a dead letter stands there twice");
        }
    }

    private CompletionStage<HttpResponse> purge(Exchange exchange) {
        BotId bot = exchange.bot();
        String text = exchange.query().shortText("eid", ID);
        return bots.purge(bot, text.isEmpty() ? Optional.empty() : Optional.of(id(text)))
                .thenApply(Answers::ok);
    }

    private static EventId id(String text) {
        try {
            return EventId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Query.malformed("eid", "is not the id of an event");
        }
    }
}
