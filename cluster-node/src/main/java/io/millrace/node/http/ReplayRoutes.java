package io.millrace.node.http;

import io.millrace.node.application.Outcome;
import io.millrace.node.application.Replays;
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
        router.on("POST", "/v1/replays", this::plan)
                .on("GET", "/v1/replays", Set.of("bot"), this::list)
                .on("GET", "/v1/replays/{replay}", about(replays::get))
                .on("POST", "/v1/replays/{replay}/start", about(replays::start))
                .on("POST", "/v1/replays/{replay}/cancel", about(replays::cancel));
    }

    private static Router.Handler about(Function<String, CompletionStage<Outcome<Replay>>> action) {
        return exchange -> action.apply(exchange.name(0)).thenApply(Answers::ok);
    }

    private CompletionStage<HttpResponse> plan(Exchange exchange) {
        return json.read(exchange, Replay.Request.class)
                .thenCompose(request -> {
                    String by = request.by();
                    if (by != null && by.length() > NAME) {
                        throw Refusal.pointer(
                                ProblemType.UNPROCESSABLE, "/by", "must be at most " + NAME + " characters");
                    }
                    return replays.plan(request);
                })
                .thenApply(outcome -> Answers.of(outcome, planned -> Answers.json(201, planned)));
    }

    private CompletionStage<HttpResponse> list(Exchange exchange) {
        String bot = exchange.query().shortText("bot", NAME);
        if (bot.isEmpty()) {
            throw Query.malformed("bot", "must be given");
        }
        return replays.list(Exchange.named(bot, BotId::new)).thenApply(Answers::ok);
    }
}
