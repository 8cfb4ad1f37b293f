package io.millrace.node.http;

import io.millrace.node.application.Outcome;
import io.millrace.node.application.Replays;
import io.millrace.node.application.Scope;
import io.millrace.protocol.BotId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.Replay;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Ranges of queues that single bots handle again: planned first, then started. */
final class ReplayRoutes {
    private static final int NAME = 200;

    private final Replays replays;
    private final JsonBodies json;

    ReplayRoutes(Replays replays, JsonBodies json) {
        this.replays = replays;
        this.json = json;
    }

    void addTo(Router router) {
        Guard seen = Guard.of(exchange -> Guard.requireSeen(exchange, bot(exchange)));
        Guard steered = Guard.of(exchange -> exchange.require(Scope.ADMIN, bot(exchange)));
        router.on("POST", "/v1/replays", Guard.KNOWN, this::plan)
                .on("GET", "/v1/replays", Guard.KNOWN, Set.of("bot"), this::list)
                .on("GET", "/v1/replays/{replay}", seen, about(replays::get))
                .on("POST", "/v1/replays/{replay}/start", steered, about(replays::start))
                .on("POST", "/v1/replays/{replay}/cancel", steered, about(replays::cancel));
    }

    /** An id is a number, a dash, and the bot. */
    private static String bot(Exchange exchange) {
        String id = exchange.name(0);
        return id.substring(id.indexOf('-') + 1);
    }

    private static Router.Handler about(Function<String, CompletionStage<Outcome<Replay>>> action) {
        return exchange -> action.apply(exchange.name(0)).thenApply(Answers::ok);
    }

    private CompletionStage<HttpResponse> plan(Exchange exchange) {
        return json.read(exchange, Replay.Request.class)
                .thenCompose(request -> {
                    exchange.require(Scope.ADMIN, request.bot());
                    exchange.require(Scope.READ, request.queue());
                    exchange.about(request.bot() + "/" + request.queue());
                    String by = request.by();
                    if (by != null && by.length() > NAME) {
                        throw Refusal.pointer(
                                ProblemType.UNPROCESSABLE, "/by", "must be at most " + NAME + " characters");
                    }
                    return replays.plan(new Replay.Request(
                            request.bot(),
                            request.queue(),
                            request.after(),
                            request.until(),
                            request.rate(),
                            exchange.by(request.by())));
                })
                .thenApply(outcome -> Answers.of(outcome, planned -> Answers.json(201, planned)));
    }

    private CompletionStage<HttpResponse> list(Exchange exchange) {
        String bot = exchange.query().shortText("bot", NAME);
        if (bot.isEmpty()) {
            throw Query.malformed("bot", "must be given");
        }
        Guard.requireSeen(exchange, bot);
        return replays.list(Exchange.named(bot, BotId::new)).thenApply(Answers::ok);
    }
}
